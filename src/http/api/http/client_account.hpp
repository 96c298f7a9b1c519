#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

namespace atrium::http {

/// Limits that apply to one client, kept for each connection. Used on the worker's thread; lives as long as the connection or
/// any computation for it.
struct client_account {
    address_group address{};  ///< the peer's address: that of the proxy, if there is one
    token_bucket computing{}; ///< what this connection may compute; maintained by the code that limits it
};

} // namespace atrium::http
