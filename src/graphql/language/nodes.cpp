#include "language/nodes.hpp"

#include <algorithm>

namespace atrium::graphql {

std::string_view name_of(ast::operation_type type) noexcept {
    switch (type) {
    case ast::operation_type::query: return "query";
    case ast::operation_type::mutation: return "mutation";
    case ast::operation_type::subscription: return "subscription";
    }
    return {};
}

bool is_type_definition(const ast::node& n) noexcept {
    return n.kind >= ast::kind::scalar_type && n.kind <= ast::kind::input_object_type;
}

std::span<const ast::directive* const> directives_of(const ast::node& n) noexcept {
    switch (n.kind) {
    case ast::kind::operation: return static_cast<const ast::operation&>(n).directives;
    case ast::kind::fragment_definition: return static_cast<const ast::fragment_definition&>(n).directives;
    case ast::kind::variable_definition: return static_cast<const ast::variable_definition&>(n).directives;
    case ast::kind::field: return static_cast<const ast::field&>(n).directives;
    case ast::kind::fragment_spread: return static_cast<const ast::fragment_spread&>(n).directives;
    case ast::kind::inline_fragment: return static_cast<const ast::inline_fragment&>(n).directives;
    case ast::kind::schema_definition: return static_cast<const ast::schema_definition&>(n).directives;
    case ast::kind::scalar_type:
    case ast::kind::object_type:
    case ast::kind::interface_type:
    case ast::kind::union_type:
    case ast::kind::enum_type:
    case ast::kind::input_object_type: return static_cast<const ast::type_definition&>(n).directives;
    case ast::kind::field_definition: return static_cast<const ast::field_definition&>(n).directives;
    case ast::kind::input_value_definition: return static_cast<const ast::input_value_definition&>(n).directives;
    case ast::kind::enum_value_definition: return static_cast<const ast::enum_value_definition&>(n).directives;
    default: return {};
    }
}

const ast::directive* find_directive(std::span<const ast::directive* const> directives, std::string_view name) noexcept {
    const auto found = std::ranges::find(directives, name, [](const ast::directive* d) { return d->name.text; });
    return found == directives.end() ? nullptr : *found;
}

bool has_variables(const ast::value& v) noexcept {
    return v.kind == ast::kind::variable ||
           std::ranges::any_of(v.items, [](const auto* item) { return has_variables(*item); }) ||
           std::ranges::any_of(v.fields, [](const auto* field) { return has_variables(*field->value); });
}

} // namespace atrium::graphql
