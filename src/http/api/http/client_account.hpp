#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

namespace atrium::http {

/// The other end of a connection, for limits that hold for one client. On its worker's thread; who pays
/// from it keeps it.
struct client_account {
    address_group address{};  ///< of whoever connected: a proxy, if there is one in front
    token_bucket computing{}; ///< what this connection may compute; kept by whoever limits that
};

} // namespace atrium::http
