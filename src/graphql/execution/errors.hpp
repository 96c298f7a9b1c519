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

/// Why there is no value, if not because of an error that a resolver returned.
enum class engine_error : std::uint8_t {
    none,
    internal,  ///< an exception, which is logged
    temporary, ///< an exception after which a retry may succeed
    unknown,   ///< an exception that leaves open whether a change was kept
    overdue,   ///< the request's time was over
    throttled, ///< the client had used up its computing time
    arguments, ///< the field's arguments are invalid: the error is in the plan or in the `operation_state`
};

/// Maps an exception that a resolver threw to an error for the client, and logs it. Rethrows operation_aborted, which cancels a
/// coroutine. Must be called in the catch block.
[[nodiscard]] engine_error classify_exception(const context& c, std::string_view where);

/// A member of `errors` that is to be written.
struct error_entry {
    std::string_view message;
    std::span<const location> locations{};
    std::string_view path{};        ///< JSON, or empty if there is none
    std::string_view code{};        ///< or empty if `details` has it
    const error* details = nullptr; ///< its faults are written as well
    std::string_view request_id{};  ///< written if it is not empty
};

/// Collects the `errors` of one response. The text stays short however many fields fail: a request of some kilobytes can fail
/// in each of thousands of rows. Once the text is long, further errors are only counted.
class error_list {
public:
    void add(const error_entry& entry);
    void leave_out() noexcept { ++left_out_; }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] bool has_room() const noexcept { return text_.size() < long_enough; }

    /// The JSON array; its last member reports how many more errors there were.
    [[nodiscard]] std::string finish() &&;

private:
    static constexpr std::size_t long_enough = 256U << 10U; // in bytes: far more than a thousand usual errors

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
