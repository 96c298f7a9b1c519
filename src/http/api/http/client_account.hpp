#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

namespace atrium::http {

/// Data for limits that apply to one client. Each connection has an account. A request that a trusted proxy has forwarded from
/// another address has an account of its own instead. Used only on the worker's thread. It lives until the connection and all
/// computations for it have ended.
struct client_account {
    address_group address{};  ///< the address of the peer or, behind a trusted proxy, the address that the proxy reports
    token_bucket computing{}; ///< how much may be computed for this client; maintained by the code that limits computing
};

} // namespace atrium::http
