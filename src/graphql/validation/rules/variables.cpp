#include "validation/rules/variables.hpp"

#include "types/compare.hpp"
#include "validation/text.hpp"

#include <graphql/printer.hpp>

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace atrium::graphql::validation {
namespace {

/// The byte offset of the variable's name, which follows the `$`. There may be blanks between the two.
std::uint32_t place_of_name(const ast::value& variable) noexcept {
    return variable.end - static_cast<std::uint32_t>(variable.text.size());
}

/// ` in operation "name"`, to be appended to a message; empty if the operation has no name.
std::string operation_suffix(std::string_view preposition, const ast::operation& o) {
    return o.name ? text(" ", preposition, " operation ", quoted(o.name->text)) : std::string{};
}

/// Whether the variable has a default other than null.
bool has_default(const ast::variable_definition& variable) noexcept {
    return variable.default_value != nullptr && variable.default_value->kind != ast::kind::null_value;
}

/// A nullable variable may be used in place of a non-null value if the variable has a default other than null, or the argument
/// or input field has a default.
bool is_allowed(const schema& s, const ast::variable_definition& variable, const type& declared,
                const variable_usage& usage) noexcept {
    if (usage.expected->kind != type_kind::non_null || declared.kind == type_kind::non_null)
        return is_subtype_of(s, declared, *usage.expected);
    return (has_default(variable) || usage.has_default) && is_subtype_of(s, declared, *usage.expected->of_type);
}

} // namespace

void variables_are_input_types::enter(const ast::variable_definition& v) {
    const auto* declared = c_.schema.resolve(*v.type);
    if (declared != nullptr && !declared->is_input())
        c_.log.add(
            text("Variable ", quoted_variable(v.variable->text), " cannot be non-input type ", quoted(print(*v.type)), "."),
            *v.type);
}

void unique_variable_names::enter(const ast::operation& o) {
    std::vector<std::vector<const ast::value*>> groups;
    std::unordered_map<std::string_view, std::size_t> group_by_name;
    for (const auto* definition : o.variables) {
        const auto [group, is_new] = group_by_name.emplace(definition->variable->text, groups.size());
        if (is_new)
            groups.emplace_back();
        groups[group->second].push_back(definition->variable);
    }
    for (const auto& group : groups) {
        if (group.size() == 1)
            continue;
        std::vector<std::uint32_t> places;
        places.reserve(group.size());
        for (const auto* variable : group)
            places.push_back(place_of_name(*variable));
        c_.log.add(text("There can be only one variable named ", quoted_variable(group.front()->text), "."), places);
    }
}

void no_undefined_variables::leave(const ast::operation& o) {
    std::unordered_set<std::string_view> defined_names;
    for (const auto* definition : o.variables)
        defined_names.insert(definition->variable->text);
    for (const auto& usage : c_.usages.usages_of(o)) {
        const auto name = usage.variable->text;
        if (!defined_names.contains(name))
            c_.log.add(text("Variable ", quoted_variable(name), " is not defined", operation_suffix("by", o), "."),
                       {usage.variable->begin, o.begin});
    }
}

void no_unused_variables::leave(const ast::operation& o) {
    std::unordered_set<std::string_view> used_names;
    for (const auto& usage : c_.usages.usages_of(o))
        used_names.insert(usage.variable->text);
    for (const auto* definition : o.variables) {
        const auto name = definition->variable->text;
        if (!used_names.contains(name))
            c_.log.add(text("Variable ", quoted_variable(name), " is never used", operation_suffix("in", o), "."), *definition);
    }
}

void variables_in_allowed_position::leave(const ast::operation& o) {
    std::unordered_map<std::string_view, const ast::variable_definition*> definitions;
    for (const auto* definition : o.variables)
        definitions.insert_or_assign(definition->variable->text, definition);
    for (const auto& usage : c_.usages.usages_of(o)) {
        const auto found = definitions.find(usage.variable->text);
        const auto* declared = found != definitions.end() ? c_.schema.resolve(*found->second->type) : nullptr;
        if (declared == nullptr || usage.expected == nullptr)
            continue;
        const auto& definition = *found->second;
        const auto variable = text("Variable ", quoted_variable(usage.variable->text));
        const auto add = [&](std::string message) {
            c_.log.add(std::move(message), {definition.begin, usage.variable->begin});
        };
        if (!is_allowed(c_.schema, definition, *declared, usage))
            add(text(variable, " of type ", quoted(to_string(*declared)), " used in position expecting type ",
                     quoted(to_string(*usage.expected)), "."));
        const bool may_be_absent = declared->kind != type_kind::non_null && !has_default(definition);
        if (usage.enclosing_type != nullptr && usage.enclosing_type->is_one_of && may_be_absent)
            add(text(variable, " is of type ", quoted(to_string(*declared)),
                     " but must be non-nullable to be used for OneOf Input Object ", quoted(usage.enclosing_type->name), "."));
    }
}

} // namespace atrium::graphql::validation
