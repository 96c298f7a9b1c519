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
struct collected_fields {
    std::vector<std::pair<std::string_view, field_nodes>> fields{};
    std::unordered_map<std::string_view, std::size_t> indexes{}; ///< the index in `fields`, by key
    std::set<std::string_view> spread_fragments{};               ///< fragments that are already included
    std::optional<planned_error> error{};

    void add(const ast::field& f) {
        const auto [index, is_new] = indexes.try_emplace(f.response_key(), fields.size());
        if (is_new)
            fields.push_back({f.response_key(), {}});
        fields[index->second].second.push_back(&f);
    }
};

class planner {
public:
    planner(const executable_document& d, const boost::json::object& variables)
        : document_{d}, schema_{d.schema()}, locator_{d.document().source()}, variables_{variables} {}

    plan make(const ast::operation& o) {
        collected_fields fields;
        const auto& root = *schema_.root(o.type);
        collect(root, *o.selection_set, fields);
        plan_.selections.emplace_back();
        plan_.root = &plan_.selections.front();
        fill(plan_.selections.front(), root, std::move(fields));
        return std::move(plan_);
    }

private:
    void collect(const type& object, const ast::selection_set& selections, collected_fields& target) {
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
                if (is_included(fragment.directives, fragment, target) && applies_to(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, target);
                break;
            }
            default: {
                const auto& spread = static_cast<const ast::fragment_spread&>(*selection);
                if (target.spread_fragments.contains(spread.name.text) || !is_included(spread.directives, spread, target))
                    break;
                target.spread_fragments.insert(spread.name.text);
                const auto& fragment = *document_.fragment(spread.name.text);
                if (applies_to(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, target);
            }
            }
        }
    }

    bool applies_to(const ast::type_reference* condition, const type& object) const {
        if (!condition)
            return true;
        const auto* required = schema_.resolve(*condition);
        return required == &object || (required && required->is_abstract() && schema_.is_subtype(*required, object));
    }

    bool is_included(std::span<const ast::directive* const> directives, const ast::node& node, collected_fields& target) const {
        return condition("skip", directives, node, target) != true && condition("include", directives, node, target) != false;
    }

    /// The value of the directive's `if` argument; nothing if there is no such directive. Sets `target.error` if the argument
    /// is invalid.
    std::optional<bool> condition(std::string_view name, std::span<const ast::directive* const> directives,
                                  const ast::node& node, collected_fields& target) const {
        const auto* directive = find_directive(directives, name);
        if (!directive)
            return std::nullopt;
        const auto values =
            coerce_arguments(schema_.find_directive(name)->arguments, directive->arguments, node.begin, &variables_);
        if (values)
            return values->at("if").as_bool();
        target.error = planned_error{values.error().message, locator_.locate(values.error().place)};
        return std::nullopt;
    }

    /// Returns the plan for what the fields `nodes` select from rows of the object type. The same fields are planned only once
    /// for each object type.
    const selection_plan* plan_below(const type& object, const field_nodes& nodes) {
        auto& known = known_selections_[{&object, nodes}];
        if (known)
            return known;
        collected_fields fields;
        for (const auto* node : nodes)
            if (node->selection_set)
                collect(object, *node->selection_set, fields);
        auto& selection = plan_.selections.emplace_back();
        known = &selection;
        fill(selection, object, std::move(fields));
        return &selection;
    }

    void fill(selection_plan& selection, const type& object, collected_fields collected) {
        selection.object = &object;
        selection.error = std::move(collected.error);
        selection.fields.reserve(collected.fields.size());
        for (const auto& [key, nodes] : collected.fields)
            if (const auto* definition = schema_.find_field(object, nodes.front()->name.text))
                selection.fields.push_back(plan_field(object, *definition, key, nodes));
        for (auto& field : selection.fields) {
            if (needs_column(field))
                field.column = selection.columns++;
            add_read_members(field, selection.reads);
        }
    }

    field_plan plan_field(const type& object, const field& definition, std::string_view key, const field_nodes& nodes) {
        field_plan field{.key = std::string{key},
                         .quoted_key = '"' + std::string{key} + "\":",
                         .parent = &object,
                         .definition = &definition,
                         .locations = {},
                         .binding = document_.bindings().find(definition)};
        for (const auto* node : nodes)
            field.locations.push_back(locator_.locate(node->begin));
        if (definition.name == "__typename")
            field.constant = '"' + object.name + '"';
        field.arguments = plan_arguments(definition, *nodes.front());
        if (field.binding)
            for (const auto& value : field.binding->values)
                field.below.push_back(value.object ? plan_below(*value.object, nodes) : nullptr);
        return field;
    }

    argument_plan plan_arguments(const field& definition, const ast::field& node) {
        argument_plan plan{.nodes = node.arguments, .place = node.begin};
        if (std::ranges::any_of(node.arguments, [](const auto* a) { return has_variables(*a->value); })) {
            plan.slot = plan_.argument_slots++;
            return plan;
        }
        auto values = coerce_arguments(definition.arguments, node.arguments, node.begin);
        if (values)
            plan.values = *std::move(values);
        else
            plan.error = planned_error{values.error().message, locator_.locate(values.error().place)};
        return plan;
    }

    /// Whether the field's values are needed before writing begins, because resolving them, or values below them, may have to
    /// wait.
    static bool needs_column(const field_plan& f) {
        if (!f.binding)
            return false;
        if (f.binding->waits() || f.binding->returns_references || f.binding->requirement)
            return true;
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.binding->values[i].key || (f.below[i] && f.below[i]->columns > 0))
                return true;
        return false;
    }

    /// Adds the members of the rows, and of rows within them, that the field may read.
    static void add_read_members(const field_plan& f, detail::member_set& target) {
        if (!f.binding)
            return;
        target.add(f.binding->reads);
        if (f.binding->key)
            return; // the resolver reads nothing but the key of the row
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.below[i] && !f.binding->values[i].key)
                target.add(f.below[i]->reads);
    }

    const executable_document& document_;
    const schema& schema_;
    const locator locator_; // converts offsets quickly, because every field of the operation needs a location and the document
                            // may be long
    const boost::json::object& variables_;
    plan plan_;
    std::map<std::pair<const type*, field_nodes>, const selection_plan*> known_selections_;
};

} // namespace

plan make_plan(const executable_document& d, const ast::operation& o, const boost::json::object& variables) {
    auto result = planner{d, variables}.make(o);
    record_cost(result);
    return result;
}

} // namespace atrium::graphql
