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

/// Values between literals and JSON, and their texts. Pure functions.
namespace atrium::graphql {

/// Values of variables by name, coerced already; one that was not given and has no default is absent.
using variable_values = boost::json::object;

/// What a literal says without a type: numbers as numbers (null beyond what a double holds), enum values as strings. A variable
/// without a value is null in a list, and its field is left out of an object.
[[nodiscard]] boost::json::value untyped_value(const ast::value& literal, const variable_values* variables = nullptr);

/// Told of a field of an input object that a literal leaves out, right before its default is used.
using default_wanted = std::function<void(const type& object, const input_value& field)>;

/// The literal as an input of `t` (specification, "Input Coercion" of each kind): single items become lists,
/// defaults of input objects are filled in, enum values are strings. Nothing where it does not fit, or is a variable without a
/// value.
[[nodiscard]] std::optional<boost::json::value> coerce_literal(const ast::value& literal, const type& t,
                                                               const variable_values* variables = nullptr,
                                                               const default_wanted& wanted = {});

/// What is wrong with the arguments of one field or directive, and where in the source.
struct argument_error {
    std::string message;
    std::uint32_t place;
};

/// Every argument that is given or has a default, by name, in the order of the definitions.
/// @param place of the field or directive that has the arguments
[[nodiscard]] boost::system::result<boost::json::object, argument_error>
coerce_arguments(std::span<const input_value> definitions, std::span<const ast::argument* const> given, std::uint32_t place,
                 const variable_values* variables = nullptr);

/// A coerced value as a literal of its type: `[RED, GREEN]`. Nothing where none can say it (null for a non-null type,
/// infinity).
[[nodiscard]] std::optional<std::string> print_value(const boost::json::value& v, const type& t);

/// A value as messages show it: `{ a: [1, "two"] }`, long lists and texts cut, deep ones named only.
[[nodiscard]] std::string inspect(const boost::json::value& v);

/// A number as JavaScript writes it: the shortest digits that say it, exponents from 1e21 and 1e-7 on.
[[nodiscard]] std::string number_text(double number);

/// Any number of JSON.
[[nodiscard]] std::string number_text(const boost::json::value& number);

} // namespace atrium::graphql
