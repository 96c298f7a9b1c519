#pragma once

#include <base/error.hpp>
#include <graphql/context.hpp>
#include <graphql/located_error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Errors as responses show them: `message`, `locations`, `path`, and in `extensions` a `code` for programs.
namespace atrium::graphql {

/// Why there is no value, where a resolver did not say so itself.
enum class trouble : std::uint8_t {
    none,
    internal,  ///< an exception: the log has it
    temporary, ///< an exception after which asking again may help
    unknown,   ///< an exception after which a change may have been kept or not
    overdue,   ///< the request's time was over before
    throttled, ///< the client had used up before what it may compute
    arguments, ///< the field's arguments do not fit: said in its plan, or in the request
};

/// What an exception that a resolver let out means to the client. It is logged with what it says; operation_aborted, by which
/// a coroutine is told to stop, is thrown on. Called where it was caught.
[[nodiscard]] trouble trouble_of_exception(const context& c, std::string_view where);

/// One member of `errors` while it is written.
struct error_entry {
    std::string_view message;
    std::span<const location> locations{};
    std::string_view path{};        ///< JSON, or empty where there is none
    std::string_view code{};        ///< or empty, where `details` have it
    const error* details = nullptr; ///< whose faults are to be shown
    std::string_view request_id{};  ///< shown where not empty
};

/// The `errors` of one response, while they are written. However many fields fail, the text stays short: a request of some
/// kilobytes can fail in each of thousands of rows. What comes when it has become long is counted only.
class error_list {
public:
    void add(const error_entry& entry);
    void leave_out() noexcept { ++left_out_; }

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] bool has_room() const noexcept { return text_.size() < long_enough; }

    /// The JSON array; its last member says how many more there were.
    [[nodiscard]] std::string finish() &&;

private:
    static constexpr std::size_t long_enough = 256U << 10U; // bytes: far more than a thousand usual errors

    void append(const error_entry& entry);

    std::string text_;
    std::size_t left_out_ = 0;
};

/// What a resolver's error says in words: its detail, or what its code means.
[[nodiscard]] std::string_view message_of(const error& e);

/// {"errors":[...]} of errors that all have one code.
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
