#pragma once

#include "executable_document.hpp"
#include "plan.hpp"

#include <boost/json/object.hpp>

namespace atrium::graphql {

/// What executing an operation of the document is.
/// @param variables coerced; those that @skip and @include look at decide, see executable_document::conditions
[[nodiscard]] plan make_plan(const executable_document& d, const ast::operation& o, const boost::json::object& variables);

} // namespace atrium::graphql
