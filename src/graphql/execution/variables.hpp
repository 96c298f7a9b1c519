#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstddef>

namespace atrium::graphql {

/// How many values are given for the variables of an operation, those within lists and objects included.
[[nodiscard]] std::size_t count_values(const ast::operation& o, const boost::json::object& given);

/// The values of an operation's variables (specification, section 6.1.2): those given, coerced, and defaults; a variable
/// without either is absent. Or all that is wrong with them, in the words of graphql-js; after 50 errors no more is looked for.
[[nodiscard]] boost::system::result<boost::json::object, located_errors>
coerce_variables(const schema& s, const document& d, const ast::operation& o, const boost::json::object& given);

} // namespace atrium::graphql
