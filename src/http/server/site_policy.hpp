#pragma once

#include "framing/refusal.hpp"
#include "server/origin_list.hpp"

#include <http/request.hpp>
#include <http/server.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

/// Prevents web pages that a user of this machine visits from reading or changing anything here. There are two rules for all
/// routes:
///   - `Host` must be a name of this server: "localhost", an IP address, or one of `settings::hosts`. This prevents DNS
///     rebinding, which needs a name that belongs to the attacker.
///   - A request that a page of another site sends may neither change anything nor open a stream or a WebSocket, unless the
///     page's origin is one of `settings::cors_origins`.
/// Programs that are not browsers send none of `Sec-Fetch-Site`, `Origin` and `Referer`; only the first rule applies to them.
///
/// Does not change after construction, so any thread may use it. Each function returns null if the request is allowed.
class site_policy {
public:
    explicit site_policy(const settings& s);

    /// Called before routing, so that a refusal reveals nothing about the path.
    [[nodiscard]] const refusal* refuse(const request& q) const;

    // Functions for a request that `refuse` has accepted and whose response continues after its header.

    [[nodiscard]] const refusal* refuse_stream(const request& q) const;
    /// Also accepts requests of pages whose origin is in `web_socket_settings::origins`.
    [[nodiscard]] const refusal* refuse_web_socket(const request& q) const;

private:
    [[nodiscard]] bool is_own_host(std::string_view authority) const;
    [[nodiscard]] bool may_call(const request& q) const;
    [[nodiscard]] bool may_open_stream(const request& q) const;

    std::vector<std::string> hosts_; ///< in lower case, without a trailing dot
    origin_list callers_;
    origin_list web_socket_callers_;
};

} // namespace atrium::http
