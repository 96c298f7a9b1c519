#pragma once

#include "parameters.hpp"

#include <base/error.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The messages of the GraphQL over WebSocket protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
namespace atrium::graphql_http {

inline constexpr std::string_view transport_protocol = "graphql-transport-ws";

/// Close codes that the protocol defines in addition to those of RFC 6455.
namespace transport_close {
inline constexpr std::uint16_t invalid_message = 4400;
inline constexpr std::uint16_t unauthorized = 4401;
inline constexpr std::uint16_t forbidden = 4403;
inline constexpr std::uint16_t subprotocol_not_acceptable = 4406;
inline constexpr std::uint16_t init_timeout = 4408;
inline constexpr std::uint16_t already_exists = 4409;
inline constexpr std::uint16_t too_many_inits = 4429;
} // namespace transport_close

/// Messages from the client.
struct connection_init {
    /// The member `authorization` of the payload; empty if it is missing or not a string. The client may write the member's
    /// name in upper or lower case. The value has the form of the header `Authorization`.
    std::string authorization{};
};
struct ping {
    std::optional<std::string> payload{}; ///< the payload as JSON text
};
struct pong {};
struct subscribe {
    std::string id;
    received_request request;
    std::size_t size = 0; ///< the size of the message in bytes
};
struct complete {
    std::string id;
};
using client_message = std::variant<connection_init, ping, pong, subscribe, complete>;

/// Parses a message of the client. Errors: malformed, with a description of the error.
[[nodiscard]] awaitable<result<client_message>> read_message(std::string_view text);

/// Messages from the server. Payloads are JSON text.
[[nodiscard]] std::string connection_ack_message();
[[nodiscard]] std::string pong_message(const std::optional<std::string>& payload);
[[nodiscard]] std::string next_message(std::string_view id, std::string_view response);
/// Contains only the `errors` of the response.
[[nodiscard]] std::string error_message(std::string_view id, std::string_view response);
[[nodiscard]] std::string complete_message(std::string_view id);

} // namespace atrium::graphql_http
