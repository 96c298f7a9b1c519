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

/// Reads the input of clients as typed values. JSON bodies, forms, query strings and GraphQL arguments are read in the same
/// way.
namespace atrium::input {

/// Where the values come from, which determines their format. JSON has numbers, booleans and null. A form and a query string
/// have only text. Browsers send even the empty fields of a form, so an empty value in a form counts as missing unless it is
/// read with `text`, `required_text` or `ids`. GraphQL is like JSON, but writes the words of enumerations in upper case, and
/// errors name a field `product_name` as its clients know it: `productName`.
enum class source { json, form, query, graphql };

struct null {};
struct nested {       ///< an object or an array, which few fields accept
    std::string json; ///< in compact form; numbers and repeated names are as the client wrote them
};
struct unusable {}; ///< a value that cannot be read at all; `field::error` is the reason
struct number {     ///< JSON text; for a body exactly as the client wrote it, so that the number is not rounded
    std::string text;
};
using value = std::variant<null, nested, unusable, bool, number, std::string>;

/// A named value as the client wrote it.
struct field {
    std::string name;
    input::value value;
    std::string error = {}; ///< an error that the parser has already found, such as a file instead of a string
};

/// The maximum number of fields in a body.
inline constexpr std::size_t max_fields = 256;

/// Reads named values one by one and collects every error, not just the first.
///
///     reader values{source::json, fields};
///     const auto name = values.required_text("name");
///     const auto quantity = values.integer("quantity", 1, 99).value_or(1);
///     if (auto read = values.finish(); !read)    // unknown and repeated names are errors as well
///         return read.error();
///
/// A function that reads a field returns no value if the field is missing or its value is invalid. `finish` reports an invalid
/// value as an error. One thread. The reader owns the fields.
class reader {
public:
    reader(input::source source, std::vector<field> fields);

    [[nodiscard]] input::source source() const noexcept { return source_; }
    [[nodiscard]] bool has(std::string_view name) const;
    /// Whether the value is null, which is possible in JSON and GraphQL. The name counts as read.
    [[nodiscard]] bool is_null(std::string_view name);

    /// Whether the input is a form and the value is empty. Browsers send every field, even an empty one, and an optional field
    /// that a user has cleared should have no value. So code that reads an optional field must call this first: otherwise a
    /// cleared text would have the empty text as its value, and most other fields would count as missing, that is, as not
    /// changed. The name counts as read.
    [[nodiscard]] bool is_blank(std::string_view name);

    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    /// Reads a text. Reports a missing field as an error. Returns an empty string if there is no valid value.
    [[nodiscard]] std::string required_text(std::string_view name);
    /// Reads an integer. JSON does not distinguish kinds of numbers: 1.0 and 1e0 are the integer 1, while 1.5,
    /// 1.0000000000000000001 and "1" are not integers. In a form, a query string and GraphQL, a string of decimal digits, which
    /// may begin with a minus sign, is an integer as well. A number outside `min`..`max` is an error.
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::optional<bool> boolean(std::string_view name);   ///< in a form or query string: "true" or "false"
    [[nodiscard]] std::optional<timestamp> time(std::string_view name); ///< RFC 3339
    /// The index of the value in `words`. `rule` is the error message for other values.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> words,
                                                    std::string_view rule);
    /// A list of at most `max` ids separated by commas.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> ids(std::string_view name, std::size_t max);

    /// Reads a string or a number. The text of a number is returned as the client wrote it.
    [[nodiscard]] std::optional<std::string> text_or_number(std::string_view name);
    /// A list of at most `max` strings, each of at most `max_bytes` bytes and without U+0000. In a form or query string, the
    /// list is one string with commas between the items.
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t max, std::size_t max_bytes);
    /// Reads a JSON object and returns its text in compact form, in which numbers keep all their digits. In a form or query
    /// string, the value is a string with the text of the object.
    [[nodiscard]] std::optional<std::string> object(std::string_view name);

    /// Adds the error "is required", unless the name already has an error.
    void add_missing(std::string_view name) { add_error(name, "is required"); }

    /// Reports an error that the caller has found, unless the name already has an error.
    void add_error(std::string_view name, std::string detail);

    /// Returns success, or one error that lists all reported errors, in the order in which the client wrote the names, followed
    /// by the missing names. Names that were not read are errors. The error is `invalid`, with JSON pointers; for a query
    /// string it is `malformed`, with the plain names.
    [[nodiscard]] result<> finish();

private:
    struct entry {
        std::string name;
        input::value value;
        bool is_read = false;
        std::string error = {}; ///< the first error of this name
    };
    /// Returns the entry and marks it as read; null if the client did not write the name.
    entry* read_entry(std::string_view name);
    /// Like `read_entry`, but also returns null if the value is blank (see `is_blank`).
    entry* read_entry_unless_blank(std::string_view name);
    /// The errors, with the names as the client knows them.
    [[nodiscard]] std::vector<fault> find_faults() const;
    [[nodiscard]] bool is_text_only() const noexcept {
        return source_ == input::source::form || source_ == input::source::query;
    }

    input::source source_;
    std::vector<entry> entries_;
    std::vector<fault> absent_; ///< errors of names that the client did not write
};

/// The fields of a JSON object. Errors: malformed (not UTF-8, not JSON), invalid (not an object, more than 256 fields).
[[nodiscard]] result<std::vector<field>> read_json(std::string_view text);

/// Converts a value that is already parsed. A number becomes text again.
[[nodiscard]] value value_of(const boost::json::value& json);

/// Converts the members of an object that is already parsed.
[[nodiscard]] std::vector<field> fields_of(const boost::json::object& object);

} // namespace atrium::input
