#pragma once

#include <http/request.hpp>
#include <http/response.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The opening handshake of RFC 6455 as far as it can be judged by the request alone. No I/O.
namespace atrium::http {

/// The answer to a request that may not become a WebSocket; nothing where it may. `origins` as in `web_socket_settings`.
///
/// Browsers let any page open a WebSocket to anywhere, cookies included, and show its messages to that page; CORS does not
/// apply. So it is the server that must look from which page the request comes (RFC 6455, 10.2).
[[nodiscard]] std::optional<response> refuse_handshake(const request& q, const std::vector<std::string>& origins);

/// The first of `known` that the client offers; empty where it offers none of them.
[[nodiscard]] std::string_view choose_subprotocol(const request& q, const std::vector<std::string>& known);

} // namespace atrium::http
