#include "language/children.hpp"
#include "language/nodes.hpp"
#include "language/strings.hpp"
#include "language/utf16.hpp"

#include <graphql/printer.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace atrium::graphql {
namespace {

/// If a field with its arguments is longer than this (in UTF-16 code units), each argument is printed on a line of its own.
constexpr std::size_t max_line_length = 80;
constexpr std::size_t indentation_width = 2;

std::string_view keyword(ast::kind kind) {
    switch (kind) {
    case ast::kind::scalar_type: return "scalar ";
    case ast::kind::object_type: return "type ";
    case ast::kind::interface_type: return "interface ";
    case ast::kind::union_type: return "union ";
    case ast::kind::enum_type: return "enum ";
    default: return "input ";
    }
}

/// Writes nodes one after the other. Everything after a line break is indented, including the lines of a block string.
class printer {
public:
    void print(const ast::node& n) {
        visit_concrete(n, [this](const auto& typed) { print(typed); });
    }
    void print(const document& d) { print_joined(d.definitions(), "\n\n"); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    template <class Node>
    using nodes = std::span<const Node* const>;

    void print(const ast::operation& n);
    void print(const ast::selection_set& n);
    void print(const ast::variable_definition& n);
    void print(const ast::fragment_definition& n);
    void print(const ast::fragment_spread& n);
    void print(const ast::inline_fragment& n);
    void print(const ast::field& n);
    void print(const ast::argument& n);
    void print(const ast::directive& n);
    void print(const ast::value& n);
    void print(const ast::object_field& n);
    void print(const ast::type_reference& n);

    void print(const ast::schema_definition& n);
    void print(const ast::operation_type_definition& n);
    void print(const ast::type_definition& n);
    void print(const ast::field_definition& n);
    void print(const ast::input_value_definition& n);
    void print(const ast::enum_value_definition& n);
    void print(const ast::directive_definition& n);

    void print_description(const ast::described& n);
    void print_directives(nodes<ast::directive> list);
    void print_default_value(const ast::value* value);
    void print_argument_definitions(nodes<ast::input_value_definition> list);

    void append(std::string_view t);
    void append(std::string_view t, std::string_view more) {
        append(t);
        append(more);
    }
    template <class Node>
    void print_joined(nodes<Node> list, std::string_view separator);
    /// Prints each node on a line of its own, indented by one more step.
    template <class Node>
    void print_indented(nodes<Node> list);
    /// Prints ` { ... }`, or nothing if there are no nodes.
    template <class Node>
    void print_block(nodes<Node> list);

    struct extent {
        std::size_t length; ///< in UTF-16 code units
        bool is_one_line;
    };
    /// Measures the text of the nodes when they are printed side by side, separated by commas.
    template <class Node>
    [[nodiscard]] static extent measure(nodes<Node> list);

    std::string out_;
    std::size_t indentation_ = 0;
};

// --- executable -------------------------------------------------------------------------------------------------------------

void printer::print(const ast::operation& n) {
    // After a definition without braces, such as `enum E`, a bare selection set such as `{ a }` would be read as a part of that
    // definition. (graphql-js nevertheless prints a bare selection set.)
    const bool is_bare = n.type == ast::operation_type::query && !n.description && !n.name && n.variables.empty() &&
                         n.directives.empty() && (out_.empty() || out_.ends_with("}\n\n"));
    if (!is_bare) {
        print_description(n);
        append(name_of(n.type));
        if (n.name || !n.variables.empty())
            append(" ");
        if (n.name)
            append(n.name->text);
        if (!n.variables.empty()) {
            const bool is_one_line = measure(n.variables).is_one_line;
            append(is_one_line ? "(" : "(\n");
            print_joined(n.variables, is_one_line ? ", " : "\n");
            append(is_one_line ? ")" : "\n)");
        }
        print_directives(n.directives);
        append(" ");
    }
    print(*n.selection_set);
}

void printer::print(const ast::selection_set& n) {
    append("{");
    print_indented(n.selections);
    append("}");
}

void printer::print(const ast::variable_definition& n) {
    print_description(n);
    print(*n.variable);
    append(": ");
    print(*n.type);
    print_default_value(n.default_value);
    print_directives(n.directives);
}

void printer::print(const ast::fragment_definition& n) {
    print_description(n);
    append("fragment ", n.name.text);
    append(" on ", n.type_condition->name.text);
    print_directives(n.directives);
    append(" ");
    print(*n.selection_set);
}

void printer::print(const ast::fragment_spread& n) {
    append("...", n.name.text);
    print_directives(n.directives);
}

void printer::print(const ast::inline_fragment& n) {
    append("...");
    if (n.type_condition)
        append(" on ", n.type_condition->name.text);
    print_directives(n.directives);
    append(" ");
    print(*n.selection_set);
}

void printer::print(const ast::field& n) {
    auto length = n.name.text.size();
    if (n.alias) {
        length += n.alias->text.size() + 2;
        append(n.alias->text, ": ");
    }
    append(n.name.text);
    if (!n.arguments.empty()) {
        const bool fits = length + measure(n.arguments).length + 2 <= max_line_length;
        append("(");
        if (fits)
            print_joined(n.arguments, ", ");
        else
            print_indented(n.arguments);
        append(")");
    }
    print_directives(n.directives);
    if (n.selection_set) {
        append(" ");
        print(*n.selection_set);
    }
}

void printer::print(const ast::argument& n) {
    append(n.name.text, ": ");
    print(*n.value);
}

void printer::print(const ast::directive& n) {
    append("@", n.name.text);
    if (!n.arguments.empty()) {
        append("(");
        print_joined(n.arguments, ", ");
        append(")");
    }
}

void printer::print(const ast::value& n) {
    switch (n.kind) {
    case ast::kind::variable: return append("$", n.text);
    case ast::kind::string_value: return append(n.block ? print_block_string(n.text) : print_string(n.text));
    case ast::kind::null_value: return append("null");
    case ast::kind::list_value:
        append("[");
        print_joined(n.items, ", ");
        return append("]");
    case ast::kind::object_value:
        append("{");
        print_joined(n.fields, ", ");
        return append("}");
    default: return append(n.text);
    }
}

void printer::print(const ast::object_field& n) {
    append(n.name.text, ": ");
    print(*n.value);
}

void printer::print(const ast::type_reference& n) {
    if (n.kind == ast::kind::named_type)
        return append(n.name.text);
    if (n.kind == ast::kind::list_type)
        append("[");
    print(*n.inner);
    append(n.kind == ast::kind::list_type ? "]" : "!");
}

// --- type system ------------------------------------------------------------------------------------------------------------

void printer::print(const ast::schema_definition& n) {
    print_description(n);
    append(n.extends ? "extend schema" : "schema");
    print_directives(n.directives);
    print_block(n.operation_types);
}

void printer::print(const ast::operation_type_definition& n) {
    append(name_of(n.operation), ": ");
    print(*n.type);
}

void printer::print(const ast::type_definition& n) {
    print_description(n);
    if (n.extends)
        append("extend ");
    append(keyword(n.kind), n.name.text);
    if (!n.interfaces.empty()) {
        append(" implements ");
        print_joined(n.interfaces, " & ");
    }
    print_directives(n.directives);
    print_block(n.fields);
    if (!n.members.empty()) {
        append(" = ");
        print_joined(n.members, " | ");
    }
    print_block(n.values);
    print_block(n.input_fields);
}

void printer::print(const ast::field_definition& n) {
    print_description(n);
    append(n.name.text);
    print_argument_definitions(n.arguments);
    append(": ");
    print(*n.type);
    print_directives(n.directives);
}

void printer::print(const ast::input_value_definition& n) {
    print_description(n);
    append(n.name.text, ": ");
    print(*n.type);
    print_default_value(n.default_value);
    print_directives(n.directives);
}

void printer::print(const ast::enum_value_definition& n) {
    print_description(n);
    append(n.name.text);
    print_directives(n.directives);
}

void printer::print(const ast::directive_definition& n) {
    print_description(n);
    append("directive @", n.name.text);
    print_argument_definitions(n.arguments);
    if (n.repeatable)
        append(" repeatable");
    append(" on ");
    for (const auto& location : n.locations)
        append(&location == n.locations.data() ? "" : " | ", location.text);
}

// --- parts ------------------------------------------------------------------------------------------------------------------

void printer::print_description(const ast::described& n) {
    if (n.description)
        append(n.block_description ? print_block_string(*n.description) : print_string(*n.description), "\n");
}

void printer::print_directives(nodes<ast::directive> list) {
    for (const auto* const node : list) {
        append(" ");
        print(*node);
    }
}

void printer::print_default_value(const ast::value* value) {
    if (value) {
        append(" = ");
        print(*value);
    }
}

void printer::print_argument_definitions(nodes<ast::input_value_definition> list) {
    if (list.empty())
        return;
    append("(");
    if (measure(list).is_one_line)
        print_joined(list, ", ");
    else
        print_indented(list);
    append(")");
}

void printer::append(std::string_view t) {
    for (;;) {
        const auto end = t.find('\n');
        out_.append(t.substr(0, end));
        if (end == std::string_view::npos)
            return;
        out_.append(1, '\n').append(indentation_, ' ');
        t.remove_prefix(end + 1);
    }
}

template <class Node>
void printer::print_joined(nodes<Node> list, std::string_view separator) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            append(separator);
        print(*list[i]);
    }
}

template <class Node>
void printer::print_indented(nodes<Node> list) {
    indentation_ += indentation_width;
    for (const auto* const node : list) {
        append("\n");
        print(*node);
    }
    indentation_ -= indentation_width;
    append("\n");
}

template <class Node>
void printer::print_block(nodes<Node> list) {
    if (list.empty())
        return;
    append(" {");
    print_indented(list);
    append("}");
}

template <class Node>
printer::extent printer::measure(nodes<Node> list) {
    printer separate;
    separate.print_joined(list, ", ");
    return {utf16_length(separate.out_), separate.out_.find('\n') == std::string::npos};
}

} // namespace

std::string print(const ast::node& n) {
    printer p;
    p.print(n);
    return p.take();
}

std::string print(const document& d) {
    printer p;
    p.print(d);
    return p.take();
}

} // namespace atrium::graphql
