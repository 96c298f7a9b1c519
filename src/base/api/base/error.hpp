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
    unsupported_type,    ///< The input is of a media type that is not read here (415).
    malformed,           ///< The input cannot be read at all: broken JSON, invalid UTF-8, a faulty query parameter (400).
    invalid,             ///< The input can be read and breaks rules; `error::faults` lists every one (422).
    not_found,           ///< There is no such thing, or no longer (404).
    conflict,            ///< It clashes with something that exists: a taken name, an impossible change of state (409).
    precondition_failed, ///< The caller's idea of the present state is out of date (412).
    unavailable,         ///< Cannot be done now; nothing was changed, asking again is harmless (503).
};

/// One fault of an input, by the place where it stands.
struct fault {
    std::string pointer; ///< A JSON pointer into the body ("/email"), or the bare name of a query parameter ("limit").
    std::string detail;  ///< What is allowed there: "must be an email address". Shown to the client.
};

/// An expected failure: the input was wrong or the time was. A broken world (disk, programming error) is an exception instead.
///
/// Everything in it may be shown to a client: it never holds SQL, paths or exception text. A detail begins in lower case and
/// has no full stop, that of a fault goes on from the name of its field: "must ...", "is ...".
struct error {
    errc code;
    std::string detail{};
    std::vector<fault> faults{};
    std::chrono::seconds retry_after{0}; ///< With `unavailable`: when asking again makes sense; zero when unknown.
};

/// Marks an exception after which nothing was changed, and asking again may help once somebody has mended what is broken (a
/// full disk): a client is told 503 instead of 500.
class temporary {
public:
    virtual ~temporary() = default;
};

/// @param thrown not null
[[nodiscard]] bool is_temporary(const std::exception_ptr& thrown);

/// What an exception says of itself, for the log.
/// @param thrown not null
[[nodiscard]] std::string reason_of(const std::exception_ptr& thrown);

/// A value, or why there is none.
template <class T = void>
using result = boost::system::result<T, error>;

/// An `invalid` error with one fault: of "/email" and "must be an email address", the sentence of the two. An empty pointer is
/// the whole body.
[[nodiscard]] error invalid_field(std::string pointer, std::string detail);

/// The word for a code in logs: "not_found".
[[nodiscard]] std::string_view name_of(errc code) noexcept;

/// What `result::value()` throws where the caller was sure of a value. Its text is for the log.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

} // namespace atrium
