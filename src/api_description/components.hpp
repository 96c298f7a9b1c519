#pragma once

#include <http/response.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The components to which descriptions of routes refer by name: errors, and headers of requests and responses. They describe
/// rules of src/http, src/idempotency and src/rate_limits.
namespace atrium::api_description {

/// A status whose body is a problem (RFC 9457).
struct error_response {
    http::status status;
    std::string_view name; ///< in `components.responses`
    std::string_view description;
    std::array<std::string_view, 3> headers = {}; ///< in addition to X-Request-Id; unused elements are empty
};

struct header {
    std::string_view name;
    std::string_view description;
    std::string_view schema = R"({"type":"string"})";
    std::string_view example = {};
};

[[nodiscard]] std::span<const error_response> all_errors() noexcept;
/// Throws std::logic_error if no error with this status is described.
[[nodiscard]] const error_response& find_error(http::status s);

/// The errors with which the server itself may respond, before it chooses a route or while a handler runs.
[[nodiscard]] std::span<const http::status> errors_of_every_route() noexcept;

[[nodiscard]] std::span<const header> all_request_headers() noexcept;
[[nodiscard]] std::span<const header> all_response_headers() noexcept;
/// Whether one of these headers has this name.
[[nodiscard]] bool has_header(std::span<const header> headers, std::string_view name) noexcept;

/// The description of the group of routes that have this tag.
[[nodiscard]] std::string text_of_tag(std::string_view tag);

/// The JSON Schema of the body of an error response.
extern const std::string_view problem_schema;

} // namespace atrium::api_description
