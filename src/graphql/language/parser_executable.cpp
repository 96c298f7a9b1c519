#include "language/parser.hpp"

namespace atrium::graphql {

const ast::node* parser::definition() {
    if (is_at(token_kind::open_brace))
        return shorthand_query();

    const bool described = is_at_description();
    const auto keyword = described ? lookahead() : token_;
    if (described && keyword.kind == token_kind::open_brace)
        return fail(token_.begin, "Unexpected description, descriptions are not supported on shorthand queries.");

    if (keyword.kind == token_kind::name) {
        if (keyword.text == "query" || keyword.text == "mutation" || keyword.text == "subscription")
            return operation_definition();
        if (keyword.text == "fragment")
            return fragment_definition();
        if (const auto* const found = type_system_definition(keyword.text); found || has_failed())
            return found;
        if (described)
            return fail(token_.begin, "Unexpected description, only GraphQL definitions support descriptions.");
        if (keyword.text == "extend")
            return extension();
    }
    return unexpected(keyword);
}

const ast::operation* parser::shorthand_query() {
    auto* const n = begin<ast::operation>(ast::kind::operation);
    n->selection_set = selection_set();
    return finish(n);
}

const ast::operation* parser::operation_definition() {
    auto* const n = begin<ast::operation>(ast::kind::operation);
    read_description(*n);
    n->type = operation_type();
    if (is_at(token_kind::name))
        n->name = name();
    n->variables =
        optional_many(token_kind::open_parenthesis, [this] { return variable_definition(); }, token_kind::close_parenthesis);
    n->directives = directives(variables::allowed);
    n->selection_set = selection_set();
    return finish(n);
}

ast::operation_type parser::operation_type() {
    const auto found = expect(token_kind::name);
    if (found.text == "mutation")
        return ast::operation_type::mutation;
    if (found.text == "subscription")
        return ast::operation_type::subscription;
    if (found.text != "query")
        unexpected(found);
    return ast::operation_type::query;
}

const ast::variable_definition* parser::variable_definition() {
    auto* const n = begin<ast::variable_definition>(ast::kind::variable_definition);
    read_description(*n);
    n->variable = variable(variables::allowed);
    expect(token_kind::colon);
    n->type = type_reference();
    n->default_value = default_value();
    n->directives = directives(variables::forbidden);
    return finish(n);
}

const ast::fragment_definition* parser::fragment_definition() {
    auto* const n = begin<ast::fragment_definition>(ast::kind::fragment_definition);
    read_description(*n);
    expect_keyword("fragment");
    n->name = fragment_name();
    expect_keyword("on");
    n->type_condition = named_type();
    n->directives = directives(variables::allowed);
    n->selection_set = selection_set();
    return finish(n);
}

ast::name parser::fragment_name() {
    if (token_.text == "on")
        unexpected(token_);
    return name();
}

const ast::selection_set* parser::selection_set() {
    const level nested{*this};
    auto* const n = begin<ast::selection_set>(ast::kind::selection_set);
    n->selections = many(token_kind::open_brace, [this] { return selection(); }, token_kind::close_brace);
    return finish(n);
}

const ast::node* parser::selection() {
    if (is_at(token_kind::spread))
        return fragment();
    return field();
}

const ast::field* parser::field() {
    auto* const n = begin<ast::field>(ast::kind::field);
    n->name = name();
    if (accept(token_kind::colon)) {
        n->alias = n->name;
        n->name = name();
    }
    n->arguments = arguments(variables::allowed);
    n->directives = directives(variables::allowed);
    if (is_at(token_kind::open_brace))
        n->selection_set = selection_set();
    return finish(n);
}

const ast::node* parser::fragment() {
    const auto spread = expect(token_kind::spread);
    const bool conditional = accept_keyword("on");
    if (!conditional && is_at(token_kind::name)) {
        auto* const n = begin<ast::fragment_spread>(ast::kind::fragment_spread);
        n->begin = spread.begin;
        n->name = fragment_name();
        n->directives = directives(variables::allowed);
        return finish(n);
    }
    auto* const n = begin<ast::inline_fragment>(ast::kind::inline_fragment);
    n->begin = spread.begin;
    if (conditional)
        n->type_condition = named_type();
    n->directives = directives(variables::allowed);
    n->selection_set = selection_set();
    return finish(n);
}

} // namespace atrium::graphql
