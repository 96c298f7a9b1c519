#include "planner.hpp"

#include "cost.hpp"
#include "language/locator.hpp"
#include "language/nodes.hpp"
#include "types/values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace atrium::graphql {
namespace {

using field_nodes = std::vector<const ast::field*>;

/// The fields of an object by response key, in the order in which the keys first occur.
struct collected {
    std::vector<std::pair<std::string_view, field_nodes>> fields{};
    std::unordered_map<std::string_view, std::size_t> places{};
    std::set<std::string_view> spread{}; ///< fragments that are already included
    std::optional<planned_error> error{};

    void add(const ast::field& f) {
        const auto [place, is_new] = places.try_emplace(f.response_key(), fields.size());
        if (is_new)
            fields.push_back({f.response_key(), {}});
        fields[place->second].second.push_back(&f);
    }
};

class planner {
public:
    planner(const executable_document& d, const boost::json::object& variables)
        : document_{d}, schema_{d.schema()}, places_{d.document().source()}, variables_{variables} {}

    plan make(const ast::operation& o) {
        collected all;
        const auto& root = *schema_.root(o.type);
        collect(root, *o.selection_set, all);
        plan_.selections.emplace_back();
        plan_.root = &plan_.selections.front();
        fill(plan_.selections.front(), root, std::move(all));
        return std::move(plan_);
    }

private:
    void collect(const type& object, const ast::selection_set& selections, collected& target) {
        for (const auto* selection : selections.selections) {
            if (target.error)
                return;
            switch (selection->kind) {
            case ast::kind::field: {
                const auto& field = static_cast<const ast::field&>(*selection);
                if (is_included(field.directives, field, target))
                    target.add(field);
                break;
            }
            case ast::kind::inline_fragment: {
                const auto& fragment = static_cast<const ast::inline_fragment&>(*selection);
                if (is_included(fragment.directives, fragment, target) && applies(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, target);
                break;
            }
            default: {
                const auto& spread = static_cast<const ast::fragment_spread&>(*selection);
                if (target.spread.contains(spread.name.text) || !is_included(spread.directives, spread, target))
                    break;
                target.spread.insert(spread.name.text);
                const auto& fragment = *document_.fragment(spread.name.text);
                if (applies(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, target);
            }
            }
        }
    }

    bool applies(const ast::type_reference* condition, const type& object) const {
        if (!condition)
            return true;
        const auto* required = schema_.resolve(*condition);
        return required == &object || (required && required->is_abstract() && schema_.is_subtype(*required, object));
    }

    bool is_included(std::span<const ast::directive* const> directives, const ast::node& node, collected& target) const {
        return condition("skip", directives, node, target) != true && condition("include", directives, node, target) != false;
    }

    /// The value of the directive's `if` argument; nothing if there is no such directive. Sets `target.error` if the argument
    /// is invalid.
    std::optional<bool> condition(std::string_view name, std::span<const ast::directive* const> directives,
                                  const ast::node& node, collected& target) const {
        const auto* directive = find_directive(directives, name);
        if (!directive)
            return std::nullopt;
        const auto values =
            coerce_arguments(schema_.find_directive(name)->arguments, directive->arguments, node.begin, &variables_);
        if (values)
            return values->at("if").as_bool();
        target.error = planned_error{values.error().message, places_.at(values.error().place)};
        return std::nullopt;
    }

    /// Selections that consist of the same fields of the document are planned only once.
    const selection_plan* below(const type& object, const field_nodes& fields) {
        auto& known = below_[{&object, fields}];
        if (known)
            return known;
        collected all;
        for (const auto* field : fields)
            if (field->selection_set)
                collect(object, *field->selection_set, all);
        auto& made = plan_.selections.emplace_back();
        known = &made;
        fill(made, object, std::move(all));
        return &made;
    }

    void fill(selection_plan& made, const type& object, collected all) {
        made.object = &object;
        made.error = std::move(all.error);
        made.fields.reserve(all.fields.size());
        for (const auto& [key, nodes] : all.fields)
            if (const auto* definition = schema_.find_field(object, nodes.front()->name.text))
                made.fields.push_back(plan_field(object, *definition, key, nodes));
        for (auto& field : made.fields) {
            if (needs_column(field))
                field.column = made.columns++;
            add_members_read(field, made.reads);
        }
    }

    field_plan plan_field(const type& object, const field& definition, std::string_view key, const field_nodes& nodes) {
        field_plan planned{.key = std::string{key},
                           .quoted_key = '"' + std::string{key} + "\":",
                           .parent = &object,
                           .definition = &definition,
                           .locations = {},
                           .binding = document_.bindings().find(definition)};
        for (const auto* node : nodes)
            planned.locations.push_back(places_.at(node->begin));
        if (definition.name == "__typename")
            planned.constant = '"' + object.name + '"';
        planned.arguments = plan_arguments(definition, *nodes.front());
        if (planned.binding)
            for (const auto& value : planned.binding->values)
                planned.below.push_back(value.object ? below(*value.object, nodes) : nullptr);
        return planned;
    }

    argument_plan plan_arguments(const field& definition, const ast::field& node) {
        argument_plan planned{.given = node.arguments, .place = node.begin};
        if (std::ranges::any_of(node.arguments, [](const auto* a) { return has_variables(*a->value); })) {
            planned.slot = plan_.argument_slots++;
            return planned;
        }
        auto values = coerce_arguments(definition.arguments, node.arguments, node.begin);
        if (values)
            planned.values = *std::move(values);
        else
            planned.error = planned_error{values.error().message, places_.at(values.error().place)};
        return planned;
    }

    /// Whether the field's values are needed before writing begins, because they, or values below them, must be waited for.
    static bool needs_column(const field_plan& f) {
        if (!f.binding)
            return false;
        if (f.binding->waits() || f.binding->gives_references)
            return true;
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.binding->values[i].key || (f.below[i] && f.below[i]->columns > 0))
                return true;
        return false;
    }

    static void add_members_read(const field_plan& f, detail::member_set& target) {
        if (!f.binding)
            return;
        target.add(f.binding->reads);
        if (f.binding->row)
            return; // the resolver reads nothing but the key of the row
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.below[i] && !f.binding->values[i].key)
                target.add(f.below[i]->reads);
    }

    const executable_document& document_;
    const schema& schema_;
    const locator places_; // a locator, because a document may be long and every field of the operation is located
    const boost::json::object& variables_;
    plan plan_;
    std::map<std::pair<const type*, field_nodes>, const selection_plan*> below_;
};

} // namespace

plan make_plan(const executable_document& d, const ast::operation& o, const boost::json::object& variables) {
    auto made = planner{d, variables}.make(o);
    settle_cost(made);
    return made;
}

} // namespace atrium::graphql
