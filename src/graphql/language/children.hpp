#pragma once

#include <graphql/document.hpp>

#include <span>

namespace atrium::graphql {

/// Calls `f` with the node as its concrete type: `f(const ast::field&)`.
template <class F>
void visit_concrete(const ast::node& n, F&& f) {
    using enum ast::kind;
    switch (n.kind) {
    case operation: return f(static_cast<const ast::operation&>(n));
    case fragment_definition: return f(static_cast<const ast::fragment_definition&>(n));
    case variable_definition: return f(static_cast<const ast::variable_definition&>(n));
    case selection_set: return f(static_cast<const ast::selection_set&>(n));
    case field: return f(static_cast<const ast::field&>(n));
    case argument: return f(static_cast<const ast::argument&>(n));
    case fragment_spread: return f(static_cast<const ast::fragment_spread&>(n));
    case inline_fragment: return f(static_cast<const ast::inline_fragment&>(n));
    case directive: return f(static_cast<const ast::directive&>(n));
    case variable:
    case int_value:
    case float_value:
    case string_value:
    case boolean_value:
    case null_value:
    case enum_value:
    case list_value:
    case object_value: return f(static_cast<const ast::value&>(n));
    case object_field: return f(static_cast<const ast::object_field&>(n));
    case named_type:
    case list_type:
    case non_null_type: return f(static_cast<const ast::type_reference&>(n));
    case schema_definition: return f(static_cast<const ast::schema_definition&>(n));
    case operation_type_definition: return f(static_cast<const ast::operation_type_definition&>(n));
    case scalar_type:
    case object_type:
    case interface_type:
    case union_type:
    case enum_type:
    case input_object_type: return f(static_cast<const ast::type_definition&>(n));
    case field_definition: return f(static_cast<const ast::field_definition&>(n));
    case input_value_definition: return f(static_cast<const ast::input_value_definition&>(n));
    case enum_value_definition: return f(static_cast<const ast::enum_value_definition&>(n));
    case directive_definition: return f(static_cast<const ast::directive_definition&>(n));
    }
}

namespace detail {

/// A function object that calls `f` for each child of a node, in the order of graphql-js's visitor.
template <class F>
struct children {
    F& f;

    void operator()(const ast::operation& n) const { visit_all(n.variables, n.directives, n.selection_set); }
    void operator()(const ast::variable_definition& n) const { visit_all(n.variable, n.type, n.default_value, n.directives); }
    void operator()(const ast::fragment_definition& n) const { visit_all(n.type_condition, n.directives, n.selection_set); }
    void operator()(const ast::inline_fragment& n) const { visit_all(n.type_condition, n.directives, n.selection_set); }
    void operator()(const ast::fragment_spread& n) const { visit_all(n.directives); }
    void operator()(const ast::selection_set& n) const { visit_all(n.selections); }
    void operator()(const ast::field& n) const { visit_all(n.arguments, n.directives, n.selection_set); }
    void operator()(const ast::directive& n) const { visit_all(n.arguments); }
    void operator()(const ast::argument& n) const { visit_all(n.value); }
    void operator()(const ast::value& n) const { visit_all(n.items, n.fields); }
    void operator()(const ast::object_field& n) const { visit_all(n.value); }
    void operator()(const ast::type_reference& n) const { visit_all(n.inner); }

    void operator()(const ast::schema_definition& n) const { visit_all(n.directives, n.operation_types); }
    void operator()(const ast::operation_type_definition& n) const { visit_all(n.type); }
    void operator()(const ast::type_definition& n) const { // each kind of type has only some of these children
        visit_all(n.interfaces, n.directives, n.fields, n.members, n.values, n.input_fields);
    }
    void operator()(const ast::field_definition& n) const { visit_all(n.arguments, n.type, n.directives); }
    void operator()(const ast::input_value_definition& n) const { visit_all(n.type, n.default_value, n.directives); }
    void operator()(const ast::enum_value_definition& n) const { visit_all(n.directives); }
    void operator()(const ast::directive_definition& n) const { visit_all(n.arguments); }

private:
    template <class... Children>
    void visit_all(const Children&... c) const {
        (call(c), ...);
    }

    template <class Node>
    void call(std::span<const Node* const> list) const {
        for (const auto* child : list)
            call(child);
    }

    void call(const ast::node* child) const {
        if (child != nullptr)
            f(*child);
    }
};

} // namespace detail

/// Calls `f(const ast::node&)` for each child of `n`, in the order of graphql-js, which is not always the order of the source.
template <class F>
void for_each_child(const ast::node& n, F&& f) {
    visit_concrete(n, detail::children<F>{f});
}

} // namespace atrium::graphql
