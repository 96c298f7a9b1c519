#include "validation/rules/root_fields.hpp"

#include "language/nodes.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>

namespace atrium::graphql::validation {
namespace {

using directive_list = std::span<const ast::directive* const>;

class collection {
public:
    collection(context& c, const type& root) : c_{c}, root_{root}, spread_(c.fragments.names()) {}

    std::optional<root_selection> collect(const ast::selection_set& selections) {
        if (!pay_for(selections))
            return {};
        std::vector<std::span<const ast::node* const>> around{selections.selections};
        while (!around.empty()) {
            auto& rest = around.back();
            if (rest.empty()) {
                around.pop_back();
                continue;
            }
            const auto* selection = rest.front();
            rest = rest.subspan(1);
            const auto* inside = take(*selection);
            if (inside != nullptr && !pay_for(*inside))
                return {};
            if (inside != nullptr)
                around.push_back(inside->selections);
        }
        return std::move(found_);
    }

private:
    /// Adds a field; returns the selections inside a fragment, which must be added next.
    const ast::selection_set* take(const ast::node& n) {
        if (n.kind == ast::kind::field) {
            const auto& f = static_cast<const ast::field&>(n);
            if (is_included(f.directives))
                add(f);
            return nullptr;
        }
        if (n.kind == ast::kind::inline_fragment) {
            const auto& f = static_cast<const ast::inline_fragment&>(n);
            return is_included(f.directives) && applies(f.type_condition) ? f.selection_set : nullptr;
        }
        const auto& s = static_cast<const ast::fragment_spread&>(n);
        const auto name = c_.fragments.id(s);
        if (spread_[name] || !is_included(s.directives))
            return nullptr;
        spread_[name] = true;
        const auto* f = c_.fragments.find(name);
        return f != nullptr && applies(f->type_condition) ? f->selection_set : nullptr;
    }

    void add(const ast::field& f) {
        const auto [group, is_new] = by_key_.emplace(f.response_key(), found_.fields.size());
        if (is_new)
            found_.fields.emplace_back();
        found_.fields[group->second].push_back(&f);
    }

    [[nodiscard]] bool applies(const ast::type_reference* condition) const {
        const auto* t = condition != nullptr ? c_.schema.find_type(condition->name.text) : &root_;
        return t != nullptr && (t == &root_ || (t->is_abstract() && c_.schema.is_subtype(*t, root_)));
    }

    /// Returns whether there is neither @skip nor @include; otherwise records where the directive is.
    [[nodiscard]] bool is_included(directive_list directives) {
        for (const auto* name : {"skip", "include"})
            if (const auto* condition = find_directive(directives, name)) {
                found_.conditions.push_back(condition->begin);
                return false;
            }
        return true;
    }

    /// The cost is one for each selection and each directive.
    bool pay_for(const ast::selection_set& set) {
        auto cost = set.selections.size();
        for (const auto* selection : set.selections)
            cost += directives_of(*selection).size();
        return c_.fragments.spend(cost);
    }

    context& c_;
    const type& root_;
    std::vector<bool> spread_; // by fragment
    root_selection found_{};
    std::unordered_map<std::string_view, std::size_t> by_key_{};
};

} // namespace

std::optional<root_selection> root_fields(context& c, const type& subscription, const ast::selection_set& selections) {
    return collection{c, subscription}.collect(selections);
}

} // namespace atrium::graphql::validation
