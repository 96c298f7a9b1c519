#include "validation/rules/root_fields.hpp"

#include "language/nodes.hpp"
#include "types/values.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>

namespace atrium::graphql::validation {
namespace {

using groups = std::vector<std::vector<const ast::field*>>;
using directive_list = std::span<const ast::directive* const>;

class collection {
public:
    collection(context& c, const type& root) : c_{c}, root_{root}, spread_(c.fragments.names()) {}

    std::optional<groups> collect(const ast::selection_set& selections) {
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
            if (failed_ || (inside != nullptr && !pay_for(*inside)))
                return {};
            if (inside != nullptr)
                around.push_back(inside->selections);
        }
        return std::move(groups_);
    }

private:
    /// A field is taken; of a fragment, what is inside is to be taken next.
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
        const auto [group, is_new] = by_key_.emplace(f.response_key(), groups_.size());
        if (is_new)
            groups_.emplace_back();
        groups_[group->second].push_back(&f);
    }

    [[nodiscard]] bool applies(const ast::type_reference* condition) const {
        const auto* t = condition != nullptr ? c_.schema.find_type(condition->name.text) : &root_;
        return t != nullptr && (t == &root_ || (t->is_abstract() && c_.schema.is_subtype(*t, root_)));
    }

    [[nodiscard]] bool is_included(directive_list directives) {
        return condition(directives, "skip") != true && !failed_ && condition(directives, "include") != false && !failed_;
    }

    /// What @skip or @include say, where they stand. Variables have no value yet: the root of a subscription may not depend on
    /// them.
    std::optional<bool> condition(directive_list directives, std::string_view name) {
        const auto* given = find_directive(directives, name);
        const auto* known = given != nullptr ? c_.schema.find_directive(name) : nullptr;
        if (known == nullptr)
            return {};
        const variable_values none;
        const auto values = coerce_arguments(known->arguments, given->arguments, given->begin, &none);
        if (!values) {
            c_.log.add(values.error().message, {values.error().place});
            failed_ = true;
            return {};
        }
        const auto* says = values->if_contains("if");
        return says != nullptr && says->is_bool() ? std::optional{says->get_bool()} : std::nullopt;
    }

    /// One for each selection, each directive and each argument that decides.
    bool pay_for(const ast::selection_set& set) {
        auto cost = set.selections.size();
        for (const auto* selection : set.selections) {
            const auto directives = directives_of(*selection);
            cost += directives.size();
            for (const auto* d : directives)
                if (d->name.text == "skip" || d->name.text == "include")
                    cost += d->arguments.size();
        }
        return c_.fragments.spend(cost);
    }

    context& c_;
    const type& root_;
    std::vector<bool> spread_; // by fragment
    groups groups_{};
    std::unordered_map<std::string_view, std::size_t> by_key_{};
    bool failed_ = false;
};

} // namespace

std::optional<groups> root_fields(context& c, const type& subscription, const ast::selection_set& selections) {
    return collection{c, subscription}.collect(selections);
}

} // namespace atrium::graphql::validation
