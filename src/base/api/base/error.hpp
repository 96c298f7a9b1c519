#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace atrium {

/// Why an operation was refused. Each value has one HTTP status (`http::problem`) and one GraphQL code.
enum class errc {
    unsupported_type,    ///< The media type of the input is not supported (415).
    malformed,           ///< The input cannot be read at all: broken JSON, invalid UTF-8, an invalid query parameter (400).
    invalid,             ///< The input can be read but violates rules; `error::faults` lists all of them (422).
    not_found,           ///< The requested entity does not exist, or no longer exists (404).
    unauthenticated,     ///< The operation needs a valid credential, and the caller has presented none (401).
    forbidden,           ///< The caller is known, but may not do this (403).
    conflict,            ///< The current state does not allow the operation, for example because a name is taken (409).
    precondition_failed, ///< The state has changed since the caller read it (412).
    unavailable,         ///< The operation cannot be done now. It has changed nothing and can safely be repeated (503).
};

/// One error in an input, and where in the input it is.
struct fault {
    /// A JSON pointer into the body ("/email", or "" for the whole body), or the bare name of a query parameter or of an
    /// argument in GraphQL ("limit").
    std::string pointer;
    std::string detail; ///< What is allowed or what is wrong: "must be an email address", "is taken". Shown to the client.
};

/// An expected failure, such as invalid input, or a part that is temporarily unavailable. Unexpected failures (a broken disk, a
/// programming error) are exceptions.
///
/// Everything in an error may be shown to a client: no error contains SQL, paths or exception text. A detail starts in lower
/// case and has no period at the end. The detail of a fault continues a sentence that starts with the name of its field, for
/// example with "must" or "is".
struct error {
    errc code;
    std::string detail{};
    std::vector<fault> faults{};
    std::chrono::seconds retry_after{0}; ///< With `unavailable`: how long to wait before a retry; zero if unknown.
};

/// A base class that marks an exception: nothing was changed, and a retry may succeed once the cause, such as a full disk, is
/// fixed. A client gets 503 instead of 500.
class temporary {
public:
    virtual ~temporary() = default;
};

/// @param exception not null
[[nodiscard]] bool is_temporary(const std::exception_ptr& exception);

/// The text of an exception, for the log.
/// @param exception not null
[[nodiscard]] std::string reason_of(const std::exception_ptr& exception);

/// A value, or the error that explains why there is none.
template <class T = void>
using result = boost::system::result<T, error>;

/// An `invalid` error with one fault. "/email" and "must be an email address" result in the detail "email must be an email
/// address". An empty pointer means the whole body.
[[nodiscard]] error invalid_field(std::string pointer, std::string detail);

/// The name of a code in logs: "not_found".
[[nodiscard]] std::string_view name_of(errc code) noexcept;

/// `result::value()` calls this if there is no value although the caller expects one. The text of the exception is for the log.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

} // namespace atrium
