#include "plan.hpp"

#include <graphql/selection.hpp>

#include <algorithm>

namespace atrium::graphql {
namespace {

bool reads(const selection_plan& plan, const detail::any_member& member);

bool reads(const field_plan& f, const detail::any_member& member) {
    if (!f.binding)
        return false;
    if (f.binding->may_read(member))
        return true;
    if (f.binding->row)
        return false; // it has no more of the row than the key
    for (std::size_t i = 0; i < f.below.size(); ++i)
        if (f.below[i] && !f.binding->values[i].key && reads(*f.below[i], member))
            return true;
    return false;
}

bool reads(const selection_plan& plan, const detail::any_member& member) {
    return std::ranges::any_of(plan.fields, [&](const auto& field) { return reads(field, member); });
}

} // namespace

bool selection::reads(const detail::any_member& member) const {
    return std::ranges::any_of(of_, [&](const auto* plan) { return plan && graphql::reads(*plan, member); });
}

} // namespace atrium::graphql
