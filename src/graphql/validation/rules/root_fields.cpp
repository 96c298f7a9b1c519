#include "validation/rules/root_fields.hpp"

#include "language/nodes.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>

namespace atrium::graphql::validation {
namespace {

using directive_list = std::span<const ast::directive* const>;

class root_field_collector {
public:
    root_field_collector(context& c, const type& root) : c_{c}, root_{root}, is_spread_(c.fragments.name_count()) {}

    std::optional<root_selection> collect(const ast::selection_set& selections) {
        if (!pay_for(selections))
            return {};
        std::vector<std::span<const ast::node* const>> pending{selections.selections}; // the innermost selections last
        while (!pending.empty()) {
            auto& rest = pending.back();
            if (rest.empty()) {
                pending.pop_back();
                continue;
            }
            const auto* selection = rest.front();
            rest = rest.subspan(1);
            const auto* inside = add_selection(*selection);
            if (inside != nullptr && !pay_for(*inside))
                return {};
            if (inside != nullptr)
                pending.push_back(inside->selections);
        }
        return std::move(selection_);
    }

private:
    /// Adds a field, or returns the selections of a fragment, which must be added next. Null if nothing needs to be added next.
    const ast::selection_set* add_selection(const ast::node& n) {
        if (n.kind == ast::kind::field) {
            const auto& f = static_cast<const ast::field&>(n);
            if (is_included(f.directives))
                add(f);
            return nullptr;
        }
        if (n.kind == ast::kind::inline_fragment) {
            const auto& f = static_cast<const ast::inline_fragment&>(n);
            return is_included(f.directives) && applies_to_root(f.type_condition) ? f.selection_set : nullptr;
        }
        const auto& s = static_cast<const ast::fragment_spread&>(n);
        const auto id = c_.fragments.id(s);
        if (is_spread_[id] || !is_included(s.directives))
            return nullptr;
        is_spread_[id] = true;
        const auto* f = c_.fragments.find(id);
        return f != nullptr && applies_to_root(f->type_condition) ? f->selection_set : nullptr;
    }

    void add(const ast::field& f) {
        const auto [group, is_new] = by_key_.emplace(f.response_key(), selection_.fields.size());
        if (is_new)
            selection_.fields.emplace_back();
        selection_.fields[group->second].push_back(&f);
    }

    [[nodiscard]] bool applies_to_root(const ast::type_reference* condition) const {
        const auto* t = condition != nullptr ? c_.schema.find_type(condition->name.text) : &root_;
        return t != nullptr && (t == &root_ || (t->is_abstract() && c_.schema.is_subtype(*t, root_)));
    }

    /// Returns true if there is neither @skip nor @include. Otherwise records the place of the directive and returns false.
    [[nodiscard]] bool is_included(directive_list directives) {
        for (const auto* name : {"skip", "include"})
            if (const auto* condition = find_directive(directives, name)) {
                selection_.conditions.push_back(condition->begin);
                return false;
            }
        return true;
    }

    /// Takes the cost of a selection set from the allowance: one for each selection and each directive.
    bool pay_for(const ast::selection_set& set) {
        auto cost = set.selections.size();
        for (const auto* selection : set.selections)
            cost += directives_of(*selection).size();
        return c_.fragments.spend(cost);
    }

    context& c_;
    const type& root_;
    std::vector<bool> is_spread_; // for each fragment: whether it has been spread
    root_selection selection_{};
    std::unordered_map<std::string_view, std::size_t> by_key_{};
};

} // namespace

std::optional<root_selection> collect_root_fields(context& c, const type& subscription, const ast::selection_set& selections) {
    return root_field_collector{c, subscription}.collect(selections);
}

} // namespace atrium::graphql::validation
