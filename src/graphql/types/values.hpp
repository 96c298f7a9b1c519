#pragma once

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

/// Conversions between literals and JSON values, and their texts. Pure functions.
namespace atrium::graphql {

/// The values of variables by name, already coerced; a variable without a value and without a default is absent.
using variable_values = boost::json::object;

/// The value of a literal whose type is unknown. Numbers become numbers (null beyond the range of a double), and enum values
/// become strings. A variable without a value becomes null; in an object, its field is left out instead.
[[nodiscard]] boost::json::value untyped_value(const ast::value& literal, const variable_values* variables = nullptr);

/// Called for each input field that a literal leaves out. The call comes before the default of the field, if there is one, is
/// used.
using default_observer = std::function<void(const type& object, const input_value& field)>;

/// Coerces a literal to the input type `t` (specification, "Input Coercion" of each kind): single items become lists, defaults
/// of input objects are filled in, enum values become strings. Returns nothing if the literal does not fit the type, or is a
/// variable without a value.
[[nodiscard]] std::optional<boost::json::value> coerce_literal(const ast::value& literal, const type& t,
                                                               const variable_values* variables = nullptr,
                                                               const default_observer& observer = {});

/// An error in the arguments of one field or directive, and its byte offset in the source.
struct argument_error {
    std::string message;
    std::uint32_t place;
};

/// Returns every argument that has a value or a default, by name, in the order of the definitions; or the first error.
/// @param place byte offset of the field or directive that has the arguments
[[nodiscard]] boost::system::result<boost::json::object, argument_error>
coerce_arguments(std::span<const input_value> definitions, std::span<const ast::argument* const> arguments, std::uint32_t place,
                 const variable_values* variables = nullptr);

/// A coerced value as a literal of its type: `[RED, GREEN]`. Nothing if no literal can express it, such as null for a non-null
/// type, or infinity.
[[nodiscard]] std::optional<std::string> print_value(const boost::json::value& v, const type& t);

/// A value in the form used in messages: `{ a: [1, "two"] }`. Long values are cut; deeply nested ones appear as `[Array]` or
/// `[Object]`.
[[nodiscard]] std::string inspect(const boost::json::value& v);

/// A number in the form of JavaScript: the fewest digits that identify it, with an exponent from 1e21 upward and from 1e-7
/// downward.
[[nodiscard]] std::string number_text(double number);

/// Like the function above, for a JSON number.
[[nodiscard]] std::string number_text(const boost::json::value& number);

} // namespace atrium::graphql
