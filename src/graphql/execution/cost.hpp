#pragma once

#include "plan.hpp"

#include <boost/json/object.hpp>

#include <cstddef>

namespace atrium::graphql {

/// Records in the plan whether its cost depends on variables, and the cost itself if it does not.
void record_cost(plan& p);

/// The maximum number of fields in the response. Fields in a page count once for each item of the page (see
/// field_options::paged); a field with a long response key counts several times. For an interface or a union, the possible type
/// with the highest cost counts.
[[nodiscard]] std::size_t cost_of(const plan& p, const boost::json::object& variables);

} // namespace atrium::graphql
