#include "cost.hpp"

#include "saturating.hpp"
#include "types/values.hpp"

#include <algorithm>
#include <unordered_map>

namespace atrium::graphql {
namespace {

/// A field costs one more for every `key_bytes_per_cost` bytes of its response key, because each row repeats the key, and a
/// client can choose a key that is as long as a request.
constexpr std::size_t key_bytes_per_cost = 100;

using saturating::plus;
using saturating::times;

/// The page length that an argument specifies; nothing if the argument is absent or null.
std::optional<std::size_t> page_length(const boost::json::object& arguments, const std::string& name) {
    const auto* value = name.empty() ? nullptr : arguments.if_contains(name);
    if (!value || !value->is_number())
        return std::nullopt;
    return static_cast<std::size_t>(std::max(0.0, value->to_number<double>()));
}

class cost_calculator {
public:
    explicit cost_calculator(const boost::json::object& variables) : variables_{variables} {}

    std::size_t cost(const selection_plan& s) {
        if (const auto known = known_costs_.find(&s); known != known_costs_.end())
            return known->second;
        std::size_t sum = 0;
        for (const auto& field : s.fields)
            sum = plus(sum, cost(field));
        known_costs_.emplace(&s, sum);
        return sum;
    }

private:
    std::size_t cost(const field_plan& f) {
        std::size_t cost_below = 0;
        for (const auto* selection : f.below)
            cost_below = std::max(cost_below, selection ? cost(*selection) : 0);
        return plus(1 + f.key.size() / key_bytes_per_cost, times(item_count(f), cost_below));
    }

    std::size_t item_count(const field_plan& f) const {
        if (!f.binding || f.binding->page.first.empty())
            return 1;
        const auto& page = f.binding->page;
        const auto& a = f.arguments;
        if (a.values)
            return item_count(*a.values, page);
        const auto values = coerce_arguments(f.definition->arguments, a.nodes, a.place, &variables_);
        return values ? item_count(*values, page) : 0; // a field with invalid arguments has no items
    }

    static std::size_t item_count(const boost::json::object& arguments, const detail::page_size& page) {
        const auto first = page_length(arguments, page.first);
        const auto last = page_length(arguments, page.last);
        return first ? *first : last ? *last : page.default_size;
    }

    const boost::json::object& variables_;
    std::unordered_map<const selection_plan*, std::size_t> known_costs_;
};

} // namespace

void record_cost(plan& p) {
    for (const auto& selection : p.selections)
        for (const auto& field : selection.fields)
            if (field.binding && !field.binding->page.first.empty() && !field.arguments.values && !field.arguments.error)
                p.cost_depends_on_variables = true;
    if (!p.cost_depends_on_variables)
        p.cost = cost_of(p, {});
}

std::size_t cost_of(const plan& p, const boost::json::object& variables) {
    return cost_calculator{variables}.cost(*p.root);
}

} // namespace atrium::graphql
