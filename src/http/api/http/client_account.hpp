#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

namespace atrium::http {

/// The client of a connection, for limits of one client. Used on the worker's thread; it lives as long as the connection or a
/// computation for it.
struct client_account {
    address_group address{};  ///< of whoever connected: a proxy, if there is one in front
    token_bucket computing{}; ///< what this connection may compute; kept by whoever limits that
};

} // namespace atrium::http
