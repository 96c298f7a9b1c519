#pragma once

#include "executable_document.hpp"
#include "plan.hpp"

#include <boost/json/object.hpp>

namespace atrium::graphql {

/// Plans the execution of an operation of the document.
/// @param variables coerced; the plan depends on those that @skip and @include use: see executable_document::condition_values
[[nodiscard]] plan make_plan(const executable_document& d, const ast::operation& o, const boost::json::object& variables);

} // namespace atrium::graphql
