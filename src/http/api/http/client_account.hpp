#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

namespace atrium::http {

/// Data for limits that apply to one client. Each connection has an account. If a trusted proxy reports that a request comes
/// from another address than the proxy's own, the request has an account of its own instead, because several clients share the
/// connection. Used only on the worker's thread. An account lives until its connection or request, and all computations for it,
/// have ended.
struct client_account {
    address_group address{};  ///< the address of the peer or, behind a trusted proxy, the address that the proxy reports
    token_bucket computing{}; ///< how much may be computed for this client; maintained by the code that limits computing
};

} // namespace atrium::http
