#pragma once

#include "plan.hpp"

#include <boost/json/object.hpp>

#include <cstddef>

namespace atrium::graphql {

/// Works out the plan's cost where no variable has a say in it.
void settle_cost(plan& p);

/// How many fields the response may have at most: those below a page as often as the page is long (see field_options::paged),
/// those below an interface or a union for the type that has the most.
[[nodiscard]] std::size_t cost_of(const plan& p, const boost::json::object& variables);

} // namespace atrium::graphql
