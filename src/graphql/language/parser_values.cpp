#include "language/abbreviated.hpp"
#include "language/parser.hpp"

namespace atrium::graphql {

const ast::value* parser::value(variables allowed) {
    switch (token_.kind) {
    case token_kind::open_bracket: return list(allowed);
    case token_kind::open_brace: return object(allowed);
    case token_kind::integer: return single_token_value(ast::kind::int_value);
    case token_kind::floating: return single_token_value(ast::kind::float_value);
    case token_kind::string:
    case token_kind::block_string: return single_token_value(ast::kind::string_value);
    case token_kind::name: return named_value();
    case token_kind::dollar: return variable(allowed);
    default: return unexpected(token_);
    }
}

const ast::value* parser::single_token_value(ast::kind kind) {
    auto* const n = begin<ast::value>(kind);
    n->text = token_.text;
    n->block = is_at(token_kind::block_string);
    advance();
    return finish(n);
}

const ast::value* parser::named_value() {
    if (token_.text == "true" || token_.text == "false")
        return single_token_value(ast::kind::boolean_value);
    return single_token_value(token_.text == "null" ? ast::kind::null_value : ast::kind::enum_value);
}

const ast::value* parser::list(variables allowed) {
    const level nested{*this};
    auto* const n = begin<ast::value>(ast::kind::list_value);
    expect(token_kind::open_bracket);
    if (!accept(token_kind::close_bracket))
        n->items = items([this, allowed] { return value(allowed); }, [this] { return accept(token_kind::close_bracket); });
    return finish(n);
}

const ast::value* parser::object(variables allowed) {
    const level nested{*this};
    auto* const n = begin<ast::value>(ast::kind::object_value);
    expect(token_kind::open_brace);
    if (!accept(token_kind::close_brace))
        n->fields =
            items([this, allowed] { return object_field(allowed); }, [this] { return accept(token_kind::close_brace); });
    return finish(n);
}

const ast::object_field* parser::object_field(variables allowed) {
    auto* const n = begin<ast::object_field>(ast::kind::object_field);
    n->name = name();
    expect(token_kind::colon);
    n->value = value(allowed);
    return finish(n);
}

const ast::value* parser::variable(variables allowed) {
    auto* const n = begin<ast::value>(ast::kind::variable);
    const auto dollar = expect(token_kind::dollar);
    if (allowed == variables::forbidden)
        return is_at(token_kind::name)
                   ? fail(dollar.begin, "Unexpected variable \"$" + abbreviated(token_.text) + "\" in constant value.")
                   : unexpected(dollar);
    n->text = name().text;
    return finish(n);
}

const ast::value* parser::default_value() {
    return accept(token_kind::equals) ? value(variables::forbidden) : nullptr;
}

const ast::argument* parser::argument(variables allowed) {
    auto* const n = begin<ast::argument>(ast::kind::argument);
    n->name = name();
    expect(token_kind::colon);
    n->value = value(allowed);
    return finish(n);
}

std::span<const ast::argument* const> parser::arguments(variables allowed) {
    return optional_many(
        token_kind::open_parenthesis, [this, allowed] { return argument(allowed); }, token_kind::close_parenthesis);
}

const ast::directive* parser::directive(variables allowed) {
    auto* const n = begin<ast::directive>(ast::kind::directive);
    expect(token_kind::at);
    n->name = name();
    n->arguments = arguments(allowed);
    return finish(n);
}

std::span<const ast::directive* const> parser::directives(variables allowed) {
    if (!is_at(token_kind::at))
        return {};
    return items([this, allowed] { return directive(allowed); }, [this] { return !is_at(token_kind::at); });
}

const ast::type_reference* parser::type_reference() {
    const ast::type_reference* type = nullptr;
    const auto first = token_;
    if (is_at(token_kind::open_bracket)) {
        const level nested{*this};
        auto* const n = begin<ast::type_reference>(ast::kind::list_type);
        advance();
        n->inner = type_reference();
        expect(token_kind::close_bracket);
        type = finish(n);
    } else {
        type = named_type();
    }
    if (!is_at(token_kind::bang))
        return type;
    auto* const n = begin<ast::type_reference>(ast::kind::non_null_type);
    n->begin = first.begin;
    n->inner = type;
    advance();
    return finish(n);
}

const ast::type_reference* parser::named_type() {
    auto* const n = begin<ast::type_reference>(ast::kind::named_type);
    n->name = name();
    return finish(n);
}

} // namespace atrium::graphql
