#include "cost.hpp"
#include "language/locator.hpp"
#include "language/walk.hpp"
#include "plan.hpp"
#include "types/values.hpp"

#include <base/json_writer.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace atrium::graphql {
namespace {

/// Finds the variables that decide whether selections are in the response.
struct deciding_variables {
    std::set<std::string_view> names{};

    void enter(const ast::directive& d) {
        if (d.name.text != "skip" && d.name.text != "include")
            return;
        for (const auto* argument : d.arguments)
            if (argument->value->kind == ast::kind::variable)
                names.insert(argument->value->text);
    }
};

bool names_variable(const ast::value& v) {
    return v.kind == ast::kind::variable || std::ranges::any_of(v.items, [](const auto* i) { return names_variable(*i); }) ||
           std::ranges::any_of(v.fields, [](const auto* f) { return names_variable(*f->value); });
}

using field_nodes = std::vector<const ast::field*>;

/// The fields of an object by response key, in the order in which the keys come first.
struct collected {
    std::vector<std::pair<std::string_view, field_nodes>> fields{};
    std::unordered_map<std::string_view, std::size_t> places{};
    std::set<std::string_view> spread{}; ///< fragments that are in it already
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
    planner(const planned_document& known, const document& d, const schema& s, const detail::bindings& b,
            const boost::json::object& variables)
        : known_{known}, places_{d.source()}, schema_{s}, bindings_{b}, variables_{variables} {}

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
    void collect(const type& object, const ast::selection_set& selections, collected& into) {
        for (const auto* selection : selections.selections) {
            if (into.error)
                return;
            switch (selection->kind) {
            case ast::kind::field: {
                const auto& field = static_cast<const ast::field&>(*selection);
                if (is_included(field.directives, field, into))
                    into.add(field);
                break;
            }
            case ast::kind::inline_fragment: {
                const auto& fragment = static_cast<const ast::inline_fragment&>(*selection);
                if (is_included(fragment.directives, fragment, into) && applies(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, into);
                break;
            }
            default: {
                const auto& spread = static_cast<const ast::fragment_spread&>(*selection);
                if (into.spread.contains(spread.name.text) || !is_included(spread.directives, spread, into))
                    break;
                into.spread.insert(spread.name.text);
                const auto& fragment = *known_.fragment(spread.name.text);
                if (applies(fragment.type_condition, object))
                    collect(object, *fragment.selection_set, into);
            }
            }
        }
    }

    bool applies(const ast::type_reference* condition, const type& object) const {
        if (!condition)
            return true;
        const auto* wanted = schema_.resolve(*condition);
        return wanted == &object || (wanted && wanted->is_abstract() && schema_.is_subtype(*wanted, object));
    }

    bool is_included(std::span<const ast::directive* const> directives, const ast::node& of, collected& into) const {
        return condition("skip", directives, of, into) != true && condition("include", directives, of, into) != false;
    }

    /// The `if` of such a directive; nothing where there is none.
    std::optional<bool> condition(std::string_view name, std::span<const ast::directive* const> directives, const ast::node& of,
                                  collected& into) const {
        const auto directive = std::ranges::find(directives, name, [](const auto* d) { return d->name.text; });
        if (directive == directives.end())
            return std::nullopt;
        const auto values =
            coerce_arguments(schema_.find_directive(name)->arguments, (*directive)->arguments, of.begin, &variables_);
        if (values)
            return values->at("if").as_bool();
        into.error = planned_error{values.error().message, places_.at(values.error().place)};
        return std::nullopt;
    }

    /// Selections that consist of the same fields of the document are planned once.
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
                           .binding = bindings_.find(definition)};
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
        if (std::ranges::any_of(node.arguments, [](const auto* a) { return names_variable(*a->value); })) {
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

    /// Whether its values must be there before writing begins: somebody waits for them, or for something below them.
    static bool needs_column(const field_plan& f) {
        if (!f.binding)
            return false;
        if (f.binding->way != detail::field_way::plain || f.binding->gives_references)
            return true;
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.binding->values[i].key || (f.below[i] && f.below[i]->columns > 0))
                return true;
        return false;
    }

    static void add_members_read(const field_plan& f, detail::member_set& to) {
        if (!f.binding)
            return;
        to.add(f.binding->reads);
        if (f.binding->row)
            return; // it has no more of the row than the key
        for (std::size_t i = 0; i < f.below.size(); ++i)
            if (f.below[i] && !f.binding->values[i].key)
                to.add(f.below[i]->reads);
    }

    const planned_document& known_;
    const locator places_; // of every field of the operation, in a document that may be long
    const schema& schema_;
    const detail::bindings& bindings_;
    const boost::json::object& variables_;
    plan plan_;
    std::map<std::pair<const type*, field_nodes>, const selection_plan*> below_;
};

} // namespace

planned_document::planned_document(const document& d, const schema& s, const detail::bindings& b)
    : document_{d}, schema_{s}, bindings_{b} {
    for (const auto* definition : d.definitions()) {
        if (definition->kind == ast::kind::operation)
            operations_.push_back(static_cast<const ast::operation*>(definition));
        else if (definition->kind == ast::kind::fragment_definition) {
            const auto* fragment = static_cast<const ast::fragment_definition*>(definition);
            fragments_.emplace(fragment->name.text, fragment);
        }
    }
    deciding_variables found;
    walk(d, found);
    deciding_variables_.assign(found.names.begin(), found.names.end());
}

const ast::fragment_definition* planned_document::fragment(std::string_view name) const {
    const auto found = fragments_.find(name);
    return found == fragments_.end() ? nullptr : found->second;
}

const ast::operation* planned_document::operation(std::optional<std::string_view> name) const {
    if (!name)
        return operations_.size() == 1 ? operations_.front() : nullptr;
    const auto found = std::ranges::find_if(operations_, [&](const auto* o) { return o->name && o->name->text == *name; });
    return found == operations_.end() ? nullptr : *found;
}

std::string planned_document::conditions(const boost::json::object& variables) const {
    std::string text;
    for (const auto name : deciding_variables_) {
        const auto* value = variables.if_contains(name);
        text += !value ? '-' : !value->is_bool() ? 'n' : value->get_bool() ? 't' : 'f';
    }
    return text;
}

plan planned_document::make_plan(const ast::operation& o, const boost::json::object& variables) const {
    auto made = planner{*this, document_, schema_, bindings_, variables}.make(o);
    settle_cost(made);
    return made;
}

} // namespace atrium::graphql
