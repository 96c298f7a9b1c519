#pragma once

#include <base/clock.hpp>
#include <base/error.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What clients write, as typed values: bodies in JSON or of forms, query strings and GraphQL arguments are read in one way.
namespace atrium::input {

/// How values are written. JSON has numbers, booleans and null; a form and a query string have text alone, and a form's blank
/// value is no value unless text is asked for, as browsers send every field. GraphQL is as JSON, with the words of enumerations
/// in upper case.
enum class source { json, form, query, graphql };

struct null {};
struct nested {};   ///< an object or an array: no value of ours is one
struct unusable {}; ///< nothing that can be read, whoever asks for it: `field::error` says why
struct number {     ///< as it was written: what is made of it may not be rounded first
    std::string text;
};
using value = std::variant<null, nested, unusable, bool, number, std::string>;

/// A named value as the client wrote it.
struct field {
    std::string name;
    input::value value;
    std::string error = {}; ///< what is wrong with it already, such as a file where a text is meant
};

/// Bodies are read up to this many fields.
inline constexpr std::size_t max_fields = 256;

/// Reads named values one by one and collects every error, not just the first.
///
///     reader in{source::json, fields};
///     const auto name = in.required_text("name");
///     const auto quantity = in.integer("quantity", 1, 99).value_or(1);
///     if (auto read = in.finish(); !read)        // unknown and repeated names are errors as well
///         return read.error();
///
/// The functions that read return no value if there is none, and if there is one that is not valid: that is an error which
/// `finish` reports. One thread; owns what it reads.
class reader {
public:
    reader(input::source source, std::vector<field> fields);

    [[nodiscard]] input::source source() const noexcept { return source_; }
    [[nodiscard]] bool has(std::string_view name) const;
    /// Whether the client wrote null: in JSON and GraphQL. The name counts as read.
    [[nodiscard]] bool is_null(std::string_view name);

    /// Whether it is a blank value of a form. Browsers send every field, filled in or not, and an optional one that a user has
    /// emptied is to have no value: what reads an optional field, also one that is a text, asks this first. The name counts as
    /// read.
    [[nodiscard]] bool is_blank(std::string_view name);

    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    /// Reports a missing value, and returns the empty text, if there is none.
    [[nodiscard]] std::string required_text(std::string_view name);
    /// JSON has numbers, not kinds of them: 1.0 and 1e0 are the integer 1, while 1.5, 1.0000000000000000001 and "1" are not.
    /// A number outside `min`..`max` is an error.
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::optional<bool> boolean(std::string_view name);   ///< in a form "true" or "false"
    [[nodiscard]] std::optional<timestamp> time(std::string_view name); ///< RFC 3339
    /// One of `words`, by its place among them. `rule` says what is allowed.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> words,
                                                    std::string_view rule);
    /// A list of at most `max` ids separated by commas.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> ids(std::string_view name, std::size_t max);

    /// Reports "is required", unless the name has an error already.
    void add_missing(std::string_view name) { add_error(name, "is required"); }

    /// Reports an error of the caller's own rules, unless the name has one already.
    void add_error(std::string_view name, std::string detail);

    /// Success, or one error with all that was reported, in the order in which the client wrote the names, then those that are
    /// missing. Names that nothing asked for are errors. `invalid`, with JSON pointers; for a query string `malformed`, with
    /// the names.
    [[nodiscard]] result<> finish();

private:
    struct entry {
        std::string name;
        input::value value;
        bool is_read = false;
        std::string error = {}; ///< the first one
    };
    entry* take(std::string_view name);
    entry* take_unless_blank(std::string_view name);
    [[nodiscard]] bool is_text_only() const noexcept {
        return source_ == input::source::form || source_ == input::source::query;
    }

    input::source source_;
    std::vector<entry> entries_;
    std::vector<fault> absent_; ///< errors of names that the client did not write
};

/// The fields of a JSON object. Errors: malformed (not UTF-8, not JSON), invalid (not an object, more than 256 fields).
[[nodiscard]] result<std::vector<field>> read_json(std::string_view text);

/// A value that was read already.
[[nodiscard]] value value_of(const boost::json::value& from);

/// The members of an object that was read already.
[[nodiscard]] std::vector<field> fields_of(const boost::json::object& object);

} // namespace atrium::input
