#pragma once

#include "validation/context.hpp"

#include <optional>
#include <vector>

namespace atrium::graphql::validation {

/// The fields at the top of a subscription as its execution will collect them, grouped by response key in order of their first
/// appearance. Nothing where that cannot be told without variables, which has then been reported.
[[nodiscard]] std::optional<std::vector<std::vector<const ast::field*>>> root_fields(context& c, const type& subscription,
                                                                                     const ast::selection_set& selections);

} // namespace atrium::graphql::validation
