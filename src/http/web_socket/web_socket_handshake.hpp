#pragma once

#include <http/request.hpp>
#include <http/response.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Checks of the opening handshake (RFC 6455) that need only the request. No I/O.
namespace atrium::http {

/// The response to a request that is not a valid handshake; empty if it is one. The origin was checked before by `site_policy`.
[[nodiscard]] std::optional<response> refuse_handshake(const request& q);

/// The first of `supported` that the client offers; empty if it offers none of them.
[[nodiscard]] std::string_view choose_subprotocol(const request& q, const std::vector<std::string>& supported);

} // namespace atrium::http
