#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <cstddef>

namespace atrium::graphql {

/// The number of values in the variables of an operation, including those within lists and objects.
[[nodiscard]] std::size_t count_values(const ast::operation& o, const boost::json::object& variables);

/// Returns the values of an operation's variables (specification, section 6.1.2). The value of a variable is the coerced value
/// that the client has sent or, if the client has sent none, the default. A variable without either is absent. If there are
/// errors, returns these instead, with the messages of graphql-js. Stops after 50 errors.
[[nodiscard]] boost::system::result<boost::json::object, located_errors>
coerce_variables(const schema& s, const document& d, const ast::operation& o, const boost::json::object& variables);

} // namespace atrium::graphql
