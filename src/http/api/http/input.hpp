#pragma once

#include <base/error.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <boost/json/fwd.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::http {

/// Reads a flat body (a JSON object, or a form by application/x-www-form-urlencoded or multipart/form-data) field by field and
/// collects every fault, not just the first.
///
///     auto in = body_fields::read(q);            // 400, 415 by its error response
///     new_order wanted{.user = in->required_text("user"), .quantity = in->optional_integer("quantity", 1, 99).value_or(1)};
///     if (auto faults = in->finish(); ...)       // unknown and repeated fields are faults as well
///
/// One thread; owns what it read.
class body_fields {
public:
    /// Errors are answers, ready to send: 415 for another type than JSON or form, 400 for an empty, malformed or non-UTF-8
    /// body, 422 if JSON is not an object or there are more fields than any of ours could have (256). A file in a form is a
    /// fault of its field.
    [[nodiscard]] static boost::system::result<body_fields, response> read(const request& q);

    /// Why `read` would refuse the body, as far as the header shows: 415, or 400 for a multipart/form-data without a
    /// boundary. Empty if it would not.
    [[nodiscard]] static std::optional<response> refuse_type(const request& q);

    /// The fields of an object that was read already.
    [[nodiscard]] static body_fields of(const boost::json::object& object);

    [[nodiscard]] bool has(std::string_view name) const;

    /// The field's text; a fault ("is required", "must be a string") and an empty string where it has none.
    [[nodiscard]] std::string required_text(std::string_view name);
    /// Empty where the field is absent; null is a fault.
    [[nodiscard]] std::optional<std::string> optional_text(std::string_view name);
    /// As `optional_text`, for a word out of a few. Empty also if the field of a form is blank.
    [[nodiscard]] std::optional<std::string> optional_choice(std::string_view name);
    /// An integer, in a form as decimal digits. Empty also if the field of a form is blank. JSON knows numbers, not kinds of
    /// them: 1.0 and 1e0 are the integer 1, while 1.5, 1.0000000000000000001 and "1" are not integers. Null is a fault, and so
    /// is a number out of `least`..`most`.
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least, std::int64_t most);

    /// Adds a fault of the caller's own rules, unless the field has one already.
    void fault(std::string_view name, std::string detail);

    /// Success, or one `invalid` error with all faults in the order of the body's fields, then the missing ones. Fields that
    /// nobody asked for are faults.
    [[nodiscard]] result<> finish();

private:
    struct null {};
    struct nested {}; // an object or an array: no field of ours is one
    struct number {   // as it was written: what is made of it may not be rounded first
        std::string text;
    };
    using value = std::variant<null, nested, bool, number, std::string>;
    struct entry {
        std::string name;
        http::body_fields::value value;
        bool asked = false;
        std::string wrong = {}; ///< its first fault
    };

    friend class json_object_reader;
    friend class form_reader;
    entry* ask(std::string_view name);
    entry* ask_unless_blank(std::string_view name);

    std::vector<entry> entries_;
    std::vector<atrium::fault> absent_; ///< faults of fields that the body has not
    bool is_form_ = false;
};

/// Reads a query string parameter by parameter: an unknown, repeated or faulty one is a `malformed` error (400) that names it.
class query_fields {
public:
    /// Percent-decoding ('+' is a blank) and UTF-8 are checked here already; what is wrong is told by `finish`.
    explicit query_fields(const request& q);

    /// Empty where the parameter is absent; may be the empty text (`search=`).
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
    /// A comma list of ids, at most `most` of them.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> ids(std::string_view name, std::size_t most);
    /// A position that `to_cursor` wrote.
    [[nodiscard]] std::optional<std::int64_t> cursor(std::string_view name);

    /// Adds a fault of the caller's own rules, unless the parameter has one already.
    void fault(std::string_view name, std::string detail);

    /// Success, or one `malformed` error with all faults in the order of the query. Parameters that nobody asked for are
    /// faults.
    [[nodiscard]] result<> finish();

private:
    struct entry {
        std::string name;
        std::string value;
        bool asked = false;
        std::string wrong = {}; ///< its first fault
    };
    entry* ask(std::string_view name);

    std::vector<entry> entries_;
    std::vector<atrium::fault> absent_; ///< faults of parameters that the query has not
};

/// A page position for `after`: base64url of a version and the position.
[[nodiscard]] std::string to_cursor(std::int64_t position);
[[nodiscard]] std::optional<std::int64_t> from_cursor(std::string_view text);

/// The `Link` header of a page that has a next one: the same path and parameters with `after` replaced, path-absolute (RFC
/// 8288).
[[nodiscard]] std::string next_link(const request& q, std::string_view path, std::int64_t after);

/// What a request's If-Match and If-None-Match make of the present state of what it names (RFC 9110, 13.2.2).
enum class precondition {
    holds,
    not_modified, ///< GET or HEAD of what the client has already: 304
    fails,        ///< 412
};

/// `etag` is the present strong ETag, quotes included; empty for what is there and has none: `*` alone matches that. A
/// malformed condition matches nothing.
[[nodiscard]] precondition evaluate_preconditions(const request& q, std::string_view etag);

} // namespace atrium::http
