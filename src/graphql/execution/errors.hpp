#pragma once

#include <base/error.hpp>
#include <graphql/context.hpp>
#include <graphql/located_error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Errors as they appear in responses: `message`, `locations`, `path`, and in `extensions` a `code` for programs.
namespace atrium::graphql {

/// Why a field has no value although its resolver returned no error; `none` if there is no such reason.
enum class engine_error : std::uint8_t {
    none,
    internal,  ///< an exception that is logged as an error
    temporary, ///< an exception after which a retry may succeed
    unknown,   ///< an exception after which it is not known whether a change was stored
    overdue,   ///< the request had used up its time or its computing time
    throttled, ///< the client had used up its computing time
    arguments, ///< the field's arguments are invalid: see operation_state::argument_error
};

/// Maps the exception that a resolver has thrown to an error for the client, and logs the exception. Rethrows
/// operation_aborted, because it means that the coroutine was cancelled. Must be called in a catch block.
[[nodiscard]] engine_error classify_exception(const context& c, std::string_view where);

/// An element of `errors` that is to be written.
struct error_entry {
    std::string_view message;
    std::span<const location> locations{};
    std::string_view path{};        ///< JSON; empty if there is no path
    std::string_view code{};        ///< if empty, the code of `details` is used
    const error* details = nullptr; ///< the error of a resolver; its faults and `retry_after` are written as well
    std::string_view request_id{};  ///< written if it is not empty
};

/// Collects the `errors` of one response. Once their text has reached `full_size`, further errors are only counted, because a
/// request of a few kilobytes can fail for each of thousands of rows.
class error_list {
public:
    void add(const error_entry& entry);
    /// Counts an error that is not written.
    void leave_out() noexcept { ++left_out_; }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] bool is_full() const noexcept { return text_.size() >= full_size; }

    /// Returns the JSON array. If errors were left out, its last element reports how many.
    [[nodiscard]] std::string finish() &&;

private:
    static constexpr std::size_t full_size = 256U << 10U; // in bytes: enough for a thousand usual errors

    void append(const error_entry& entry);

    std::string text_;
    std::size_t left_out_ = 0;
};

/// The message of a resolver's error: its detail, or the meaning of its code.
[[nodiscard]] std::string_view message_of(const error& e);

/// {"errors":[...]} for errors that all have the same code.
[[nodiscard]] std::string error_body(const located_errors& errors, std::string_view code);

namespace code {
inline constexpr std::string_view syntax = "GRAPHQL_PARSE_FAILED";
inline constexpr std::string_view validation = "GRAPHQL_VALIDATION_FAILED";
inline constexpr std::string_view operation = "OPERATION_RESOLUTION_FAILURE";
inline constexpr std::string_view input = "BAD_USER_INPUT"; ///< variables or arguments that do not fit their types
inline constexpr std::string_view limit = "LIMIT_EXCEEDED";
inline constexpr std::string_view left_out = "ERRORS_LEFT_OUT";
inline constexpr std::string_view timeout = "TIMEOUT";
inline constexpr std::string_view throttled = rate_limited;
inline constexpr std::string_view unavailable = "UNAVAILABLE";
inline constexpr std::string_view internal = "INTERNAL_SERVER_ERROR"; ///< exceptions, and values that the schema forbids
} // namespace code

} // namespace atrium::graphql
