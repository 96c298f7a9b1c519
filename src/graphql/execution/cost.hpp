#pragma once

#include "plan.hpp"

#include <boost/json/object.hpp>

#include <cstddef>

namespace atrium::graphql {

/// Finds out whether the plan's cost depends on variables, and computes it if it does not.
void settle_cost(plan& p);

/// The maximum number of fields in the response. Fields in a page count once for each item of the page (see
/// field_options::paged); below an interface or a union, the type with the most fields counts.
[[nodiscard]] std::size_t cost_of(const plan& p, const boost::json::object& variables);

} // namespace atrium::graphql
