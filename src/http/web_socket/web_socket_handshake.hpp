#pragma once

#include <http/request.hpp>
#include <http/response.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The opening handshake of RFC 6455 as far as it can be judged by the request alone. No I/O.
namespace atrium::http {

/// The answer to a request that is not a proper handshake; empty if it is one. Which page it comes from is judged before, by
/// `site_policy`.
[[nodiscard]] std::optional<response> refuse_handshake(const request& q);

/// The first of `known` that the client offers; empty where it offers none of them.
[[nodiscard]] std::string_view choose_subprotocol(const request& q, const std::vector<std::string>& known);

} // namespace atrium::http
