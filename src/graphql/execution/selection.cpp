#include "plan.hpp"

#include <graphql/selection.hpp>

#include <algorithm>

namespace atrium::graphql {

bool selection::reads(const member_id& member) const {
    return std::ranges::any_of(plans_, [&](const auto* plan) { return plan && plan->reads.contains(member); });
}

} // namespace atrium::graphql
