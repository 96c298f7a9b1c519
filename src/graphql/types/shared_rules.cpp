#include "types/shared_rules.hpp"

#include "language/abbreviated.hpp"
#include "language/nodes.hpp"
#include "types/standard_names.hpp"

#include <graphql/printer.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace atrium::graphql {
namespace {

bool is_input_object_definition(const ast::node& n) noexcept {
    return n.kind == ast::kind::input_object_type && !static_cast<const ast::type_definition&>(n).extends;
}

bool is_type_system(const ast::node& n) noexcept {
    return n.kind >= ast::kind::schema_definition;
}

std::string_view operation_location(ast::operation_type type) noexcept {
    switch (type) {
    case ast::operation_type::query: return "QUERY";
    case ast::operation_type::mutation: return "MUTATION";
    case ast::operation_type::subscription: break;
    }
    return "SUBSCRIPTION";
}

directive_catalog::entry describe(const directive& d) {
    directive_catalog::entry entry{.repeatable = d.is_repeatable};
    entry.locations.assign(d.locations.begin(), d.locations.end());
    for (const auto& argument : d.arguments) {
        entry.arguments.push_back(argument.name);
        if (argument.is_required())
            entry.required.push_back({argument.name, to_string(*argument.type)});
    }
    return entry;
}

directive_catalog::entry describe(const ast::directive_definition& d) {
    directive_catalog::entry entry{.repeatable = d.repeatable};
    for (const auto& location : d.locations)
        entry.locations.push_back(location.text);
    for (const auto* argument : d.arguments) {
        entry.arguments.push_back(argument->name.text);
        if (argument->type->kind != ast::kind::non_null_type || argument->default_value)
            continue;
        const auto has_same_name = [&](const auto& r) { return r.name == argument->name.text; };
        auto found = std::find_if(entry.required.begin(), entry.required.end(), has_same_name);
        if (found == entry.required.end())
            found = entry.required.insert(found, {argument->name.text, {}});
        found->type = print(*argument->type); // if two arguments have the same name (a separate error), the last one counts
    }
    return entry;
}

} // namespace

// --- names of types ---------------------------------------------------------------------------------------------------------

known_type_names::known_type_names(const schema* existing_schema, const document& d, error_log& log)
    : existing_schema_{existing_schema}, log_{log} {
    for (const auto* definition : d.definitions()) {
        if (!is_type_definition(*definition))
            continue;
        const auto& t = static_cast<const ast::type_definition&>(*definition);
        if (!t.extends)
            defined_names_.push_back(t.name.text);
    }
    std::sort(defined_names_.begin(), defined_names_.end());
}

bool known_type_names::is_known(std::string_view name) const noexcept {
    return (existing_schema_ && existing_schema_->find_type(name)) ||
           std::binary_search(defined_names_.begin(), defined_names_.end(), name);
}

void known_type_names::enter(const ast::type_reference& t, ast_path path) {
    if (t.kind != ast::kind::named_type)
        return;
    const auto name = t.name.text;
    const auto is_in_sdl = is_type_system(*path.front());
    if (is_known(name) || (is_in_sdl && is_standard_type_name(name)))
        return;
    auto options = defined_names_;
    if (existing_schema_) {
        for (const auto* existing : existing_schema_->types())
            options.push_back(existing->name);
    }
    if (is_in_sdl)
        options.insert(options.end(), standard_type_names.begin(), standard_type_names.end());
    log_.add("Unknown type \"" + abbreviated(name) + "\"." + log_.suggestion(name, options), t);
}

// --- directives -------------------------------------------------------------------------------------------------------------

std::string_view directive_location(ast_path path) noexcept {
    const auto& node = *path.back();
    switch (node.kind) {
    case ast::kind::operation: return operation_location(static_cast<const ast::operation&>(node).type);
    case ast::kind::fragment_definition: return "FRAGMENT_DEFINITION";
    case ast::kind::variable_definition: return "VARIABLE_DEFINITION";
    case ast::kind::field: return "FIELD";
    case ast::kind::fragment_spread: return "FRAGMENT_SPREAD";
    case ast::kind::inline_fragment: return "INLINE_FRAGMENT";
    case ast::kind::schema_definition: return "SCHEMA";
    case ast::kind::scalar_type: return "SCALAR";
    case ast::kind::object_type: return "OBJECT";
    case ast::kind::interface_type: return "INTERFACE";
    case ast::kind::union_type: return "UNION";
    case ast::kind::enum_type: return "ENUM";
    case ast::kind::input_object_type: return "INPUT_OBJECT";
    case ast::kind::field_definition: return "FIELD_DEFINITION";
    case ast::kind::enum_value_definition: return "ENUM_VALUE";
    case ast::kind::input_value_definition:
        // Fields that an extension adds to an input object count as arguments, as in graphql-js.
        return is_input_object_definition(*path[path.size() - 2]) ? "INPUT_FIELD_DEFINITION" : "ARGUMENT_DEFINITION";
    default: return {};
    }
}

directive_catalog::directive_catalog(std::span<const directive* const> existing, const document& d) {
    for (const auto* directive : existing)
        entries_.insert_or_assign(directive->name, describe(*directive));
    for (const auto* definition : d.definitions()) {
        if (definition->kind != ast::kind::directive_definition)
            continue;
        const auto& defined = static_cast<const ast::directive_definition&>(*definition);
        entries_.insert_or_assign(defined.name.text, describe(defined));
    }
}

const directive_catalog::entry* directive_catalog::find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

void known_directives::enter(const ast::directive& d, ast_path path) {
    const auto* known = catalog_.find(d.name.text);
    const auto name = abbreviated(d.name.text);
    if (!known)
        return log_.add("Unknown directive \"@" + name + "\".", d);
    const auto location = directive_location(path);
    if (std::find(known->locations.begin(), known->locations.end(), location) == known->locations.end())
        log_.add("Directive \"@" + name + "\" may not be used on " + std::string{location} + ".", d);
}

void unique_directives_per_location::enter(const ast::node& node) {
    const auto directives = directives_of(node);
    if (directives.empty())
        return;
    directives_by_name directives_of_node;
    auto* seen = &directives_of_node;
    if (node.kind == ast::kind::schema_definition)
        seen = &schema_directives_;
    else if (is_type_definition(node))
        seen = &type_directives_[static_cast<const ast::type_definition&>(node).name.text];
    for (const auto* d : directives) {
        const auto* known = catalog_.find(d->name.text);
        if (!known || known->repeatable)
            continue;
        const auto [first, is_new] = seen->emplace(d->name.text, d);
        if (!is_new)
            log_.add("The directive \"@" + abbreviated(d->name.text) + "\" can only be used once at this location.",
                     {first->second->begin, d->begin});
    }
}

void known_argument_names_on_directives::enter(const ast::directive& d) {
    const auto* known = catalog_.find(d.name.text);
    if (!known)
        return;
    for (const auto* argument : d.arguments) {
        const auto name = argument->name.text;
        if (std::find(known->arguments.begin(), known->arguments.end(), name) == known->arguments.end())
            log_.add("Unknown argument \"" + abbreviated(name) + "\" on directive \"@" + abbreviated(d.name.text) + "\"." +
                         log_.suggestion(name, known->arguments),
                     *argument);
    }
}

void provided_required_arguments_on_directives::leave(const ast::directive& d) {
    const auto* known = catalog_.find(d.name.text);
    if (!known)
        return;
    for (const auto& required : known->required) {
        const auto has_its_name = [&](const ast::argument* a) { return a->name.text == required.name; };
        if (std::none_of(d.arguments.begin(), d.arguments.end(), has_its_name))
            log_.add("Directive \"@" + abbreviated(d.name.text) + "\" argument \"" + abbreviated(required.name) +
                         "\" of type \"" + abbreviated(required.type) + "\" is required, but it was not provided.",
                     d);
    }
}

// --- names in one list ------------------------------------------------------------------------------------------------------

void unique_argument_names::check(std::span<const ast::argument* const> arguments) {
    if (arguments.size() < 2)
        return;
    for (const auto& [name, places] : places_by_name(arguments)) {
        if (places.size() > 1)
            log_.add("There can be only one argument named \"" + abbreviated(name) + "\".", places);
    }
}

void unique_input_field_names::enter(const ast::value& v) {
    if (v.kind == ast::kind::object_value)
        enclosing_objects_.emplace_back();
}

void unique_input_field_names::leave(const ast::value& v) {
    if (v.kind == ast::kind::object_value)
        enclosing_objects_.pop_back();
}

void unique_input_field_names::enter(const ast::object_field& f) {
    const auto [first, is_new] = enclosing_objects_.back().emplace(f.name.text, f.name.begin);
    if (!is_new)
        log_.add("There can be only one input field named \"" + abbreviated(f.name.text) + "\".",
                 {first->second, f.name.begin});
}

} // namespace atrium::graphql
