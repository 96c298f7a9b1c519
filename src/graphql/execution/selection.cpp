#include "plan.hpp"

#include <graphql/selection.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <set>

namespace atrium::graphql {
namespace {

/// Looks for one member in plans and in what is below them. Plans are shared, so there can be very many ways to each: it is
/// looked into once.
class search {
public:
    explicit search(const detail::any_member& wanted) : wanted_{wanted} {}

    [[nodiscard]] bool finds_in(const selection_plan& plan) {
        return seen_.insert(&plan).second &&
               std::ranges::any_of(plan.fields, [this](const auto& field) { return finds_in(field); });
    }

private:
    bool finds_in(const field_plan& f) {
        if (!f.binding)
            return false;
        if (f.binding->may_read(wanted_))
            return true;
        if (f.binding->row)
            return false; // it has no more of the row than the key
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.below[i] && !f.binding->values[i].key && finds_in(*f.below[i]))
                return true;
        return false;
    }

    const detail::any_member& wanted_;
    std::array<std::byte, 1024> room_; // for a handful of plans, as most operations have, without the heap
    std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
    std::pmr::set<const selection_plan*> seen_{&memory_};
};

} // namespace

bool selection::reads(const detail::any_member& member) const {
    search wanted{member};
    return std::ranges::any_of(of_, [&](const auto* plan) { return plan && wanted.finds_in(*plan); });
}

} // namespace atrium::graphql
