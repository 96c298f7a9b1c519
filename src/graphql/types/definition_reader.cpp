#include "types/definition_reader.hpp"

#include "language/nodes.hpp"
#include "types/scalars.hpp"
#include "types/standard_names.hpp"
#include "types/values.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

namespace atrium::graphql {
namespace {

type_kind kind_of(const ast::type_definition& d) {
    switch (d.kind) {
    case ast::kind::object_type: return type_kind::object;
    case ast::kind::interface_type: return type_kind::interface;
    case ast::kind::union_type: return type_kind::union_type;
    case ast::kind::enum_type: return type_kind::enumeration;
    case ast::kind::input_object_type: return type_kind::input_object;
    default: return type_kind::scalar;
    }
}

std::optional<std::string> text_of(const std::optional<std::string_view>& description) {
    return description ? std::optional<std::string>{*description} : std::nullopt;
}

} // namespace

std::optional<located_error> definition_reader::read() {
    collect();
    collect_extensions();
    // This is the order of graphql-js. It matters, because only the first invalid directive is reported.
    for (const auto& definitions : types_)
        read_simple_members(definitions);
    for (const auto* d : directive_definitions_)
        read_directive(*d);
    for (const auto& definitions : types_)
        read_typed_members(definitions);
    read_defaults();
    read_roots();
    return std::move(error_);
}

void definition_reader::read_standard() {
    is_standard_ = true;
    if (const auto error = read())
        throw_exception_from_error(*error, BOOST_CURRENT_LOCATION);
    forget_nodes();
}

void definition_reader::fail(std::string message, std::uint32_t place) {
    if (!error_)
        error_ = located_error{std::move(message), {document_.locate(place)}};
}

// --- collecting the definitions ---------------------------------------------------------------------------------------------

void definition_reader::collect() {
    for (const auto* n : document_.definitions()) {
        if (n->kind == ast::kind::schema_definition) {
            schemas_.push_back(static_cast<const ast::schema_definition*>(n));
        } else if (n->kind == ast::kind::directive_definition) {
            directive_definitions_.push_back(static_cast<const ast::directive_definition*>(n));
        } else if (is_type_definition(*n)) {
            const auto& d = static_cast<const ast::type_definition&>(*n);
            if (d.extends)
                continue;
            auto& new_type = maker_.add_type(kind_of(d), std::string{d.name.text});
            const auto is_redefined = !is_standard_ && is_standard_type_name(d.name.text);
            types_.push_back({is_redefined ? nullptr : &new_type, {&d}});
        }
    }
}

void definition_reader::collect_extensions() {
    std::unordered_map<std::string_view, type_definitions*> by_name;
    for (auto& definitions : types_)
        by_name.emplace(definitions.nodes.front()->name.text, &definitions);
    for (const auto* n : document_.definitions()) {
        if (!is_type_definition(*n))
            continue;
        const auto& d = static_cast<const ast::type_definition&>(*n);
        if (d.extends)
            by_name.at(d.name.text)->nodes.push_back(&d);
    }
}

void definition_reader::read_roots() {
    for (const auto* s : schemas_) {
        if (!s->extends)
            maker_.set_description(text_of(s->description));
        for (const auto* operation_type : s->operation_types)
            maker_.set_root(operation_type->operation, *maker_.resolve(*operation_type->type));
    }
    if (std::any_of(schemas_.begin(), schemas_.end(), [](const auto* s) { return !s->extends; }))
        return;
    constexpr std::array default_names{std::pair{ast::operation_type::query, "Query"},
                                       std::pair{ast::operation_type::mutation, "Mutation"},
                                       std::pair{ast::operation_type::subscription, "Subscription"}};
    for (const auto& [operation, name] : default_names) {
        if (const auto* t = maker_.find_type(name))
            maker_.set_root(operation, *t);
    }
}

// --- types ------------------------------------------------------------------------------------------------------------------

void definition_reader::read_simple_members(const type_definitions& definitions) {
    if (!definitions.target)
        return;
    auto& t = *definitions.target;
    const auto& first = *definitions.nodes.front();
    t.definitions = definitions.nodes;
    t.description = text_of(first.description);
    if (t.kind == type_kind::scalar) {
        // Extensions are ignored here and for @oneOf below, as in graphql-js.
        t.specified_by_url = directive_text(first.directives, "specifiedBy", "url");
        const auto custom = scalars_.find(t.name);
        t.input = custom != scalars_.end() ? custom->second : scalar_input_of(t.name);
    }
    t.is_one_of = t.kind == type_kind::input_object && find_directive(first.directives, "oneOf");
    for (const auto* node : definitions.nodes) {
        for (const auto* v : node->values)
            t.enum_values.push_back({.name = std::string{v->name.text},
                                     .description = text_of(v->description),
                                     .deprecation_reason = deprecation_reason(v->directives),
                                     .definition = v});
    }
}

void definition_reader::read_typed_members(const type_definitions& definitions) {
    if (!definitions.target)
        return;
    auto& t = *definitions.target;
    for (const auto* node : definitions.nodes) {
        for (const auto* implemented : node->interfaces)
            t.interfaces.push_back(maker_.resolve(*implemented));
        for (const auto* member : node->members)
            t.possible_types.push_back(maker_.resolve(*member));
        for (const auto* f : node->fields) {
            t.fields.push_back({.name = std::string{f->name.text},
                                .description = text_of(f->description),
                                .arguments = read_input_values(f->arguments),
                                .type = maker_.resolve(*f->type),
                                .deprecation_reason = deprecation_reason(f->directives),
                                .definition = f});
        }
        auto input_fields = read_input_values(node->input_fields);
        std::move(input_fields.begin(), input_fields.end(), std::back_inserter(t.input_fields));
    }
}

void definition_reader::read_directive(const ast::directive_definition& d) {
    auto& directive = maker_.add_directive(std::string{d.name.text});
    directive.description = text_of(d.description);
    for (const auto& location : d.locations)
        directive.locations.emplace_back(location.text);
    directive.arguments = read_input_values(d.arguments);
    directive.is_repeatable = d.repeatable;
    directive.definition = &d;
    directives_.push_back(&directive);
}

std::vector<input_value> definition_reader::read_input_values(std::span<const ast::input_value_definition* const> definitions) {
    std::vector<input_value> values;
    for (const auto* d : definitions)
        values.push_back({.name = std::string{d->name.text},
                          .description = text_of(d->description),
                          .type = maker_.resolve(*d->type),
                          .deprecation_reason = deprecation_reason(d->directives),
                          .definition = d});
    return values;
}

std::optional<std::string> definition_reader::directive_text(std::span<const ast::directive* const> directives,
                                                             std::string_view directive_name, std::string_view argument) {
    const auto* d = find_directive(directives, directive_name);
    if (!d)
        return {};
    const auto values = coerce_arguments(maker_.standard_directive(directive_name).arguments, d->arguments, d->begin);
    if (!values) {
        fail(values.error().message, values.error().place);
        return {};
    }
    const auto* text = values->if_contains(argument);
    return text && text->is_string() ? std::optional<std::string>{text->get_string()} : std::nullopt;
}

// --- defaults ---------------------------------------------------------------------------------------------------------------

template <class F>
void definition_reader::for_each_input_value(F f) {
    for (auto* d : directives_) {
        for (auto& argument : d->arguments)
            f(argument, nullptr);
    }
    for (const auto& definitions : types_) {
        if (!definitions.target)
            continue;
        for (auto& field : definitions.target->fields) {
            for (auto& argument : field.arguments)
                f(argument, nullptr);
        }
        for (auto& field : definitions.target->input_fields)
            f(field, definitions.target);
    }
}

void definition_reader::read_defaults() {
    for_each_input_value([this](input_value& v, const type* owner) { read_default(v, owner); });
}

void definition_reader::read_default(input_value& v, const type* owner) {
    const auto* literal = v.definition ? v.definition->default_value : nullptr;
    if (!literal || error_ || finished_defaults_.contains(&v))
        return;
    const auto is_unfinished = std::any_of(unfinished_defaults_.begin(), unfinished_defaults_.end(),
                                           [&](const auto& unfinished) { return unfinished.first == &v; });
    if (is_unfinished)
        return fail_on_cycle(v);
    unfinished_defaults_.emplace_back(&v, owner);
    const auto read_omitted_default = [this](const type& object, const input_value& field) {
        auto& fields = maker_.find_type(object.name)->input_fields; // the same list, but mutable
        read_default(fields[static_cast<std::size_t>(&field - fields.data())], &object);
    };
    v.default_value = coerce_literal(*literal, *v.type, nullptr, read_omitted_default);
    unfinished_defaults_.pop_back();
    finished_defaults_.insert(&v);
}

void definition_reader::fail_on_cycle(const input_value& v) {
    const auto name_of = [](const auto& unfinished) { return unfinished.second->name + "." + unfinished.first->name; };
    const auto first = std::find_if(unfinished_defaults_.begin(), unfinished_defaults_.end(),
                                    [&](const auto& unfinished) { return unfinished.first == &v; });
    std::string message =
        "Invalid circular reference. The default value of Input Object field " + name_of(*first) + " references itself";
    for (auto via = first + 1; via != unfinished_defaults_.end(); ++via)
        message += (via == first + 1 ? " via the default values of: " : ", ") + name_of(*via);
    error_ = located_error{message + "."};
    for (auto part = first; part != unfinished_defaults_.end(); ++part)
        error_->locations.push_back(document_.locate(part->first->definition->default_value->begin));
}

void definition_reader::forget_nodes() {
    for_each_input_value([](input_value& v, const type*) { v.definition = nullptr; });
    for (auto* d : directives_)
        d->definition = nullptr;
    for (const auto& definitions : types_) {
        auto& t = *definitions.target;
        t.definitions.clear();
        for (auto& field : t.fields)
            field.definition = nullptr;
        for (auto& value : t.enum_values)
            value.definition = nullptr;
    }
}

} // namespace atrium::graphql
