#include "language/parser.hpp"

#include <algorithm>
#include <array>

namespace atrium::graphql {
namespace {

struct type_keyword {
    std::string_view word;
    ast::kind kind;
};

constexpr std::array<type_keyword, 6> type_keywords{{
    {"scalar", ast::kind::scalar_type},
    {"type", ast::kind::object_type},
    {"interface", ast::kind::interface_type},
    {"union", ast::kind::union_type},
    {"enum", ast::kind::enum_type},
    {"input", ast::kind::input_object_type},
}};

/// DIRECTIVE_DEFINITION is not in the September 2025 specification, but graphql-js 16 accepts it.
constexpr std::array<std::string_view, 20> directive_locations{
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
    "DIRECTIVE_DEFINITION",
};

const type_keyword* find_type_keyword(std::string_view word) {
    const auto* const found = std::find_if(type_keywords.begin(), type_keywords.end(),
                                           [&](const type_keyword& candidate) { return candidate.word == word; });
    return found == type_keywords.end() ? nullptr : found;
}

} // namespace

const ast::node* parser::type_system_definition(std::string_view keyword) {
    if (keyword == "schema")
        return schema_definition();
    if (keyword == "directive")
        return directive_definition();
    if (const auto* const found = find_type_keyword(keyword))
        return type_definition(found->kind);
    return nullptr;
}

const ast::node* parser::extension() {
    const auto keyword = lookahead();
    if (keyword.kind == token_kind::name && keyword.text == "schema")
        return schema_definition();
    const auto* const found = keyword.kind == token_kind::name ? find_type_keyword(keyword.text) : nullptr;
    return found ? type_definition(found->kind) : unexpected(keyword);
}

const ast::schema_definition* parser::schema_definition() {
    auto* const n = begin<ast::schema_definition>(ast::kind::schema_definition);
    read_description(*n);
    n->extends = accept_keyword("extend");
    expect_keyword("schema");
    n->directives = directives(variables::forbidden);
    if (!n->extends || is_at(token_kind::open_brace))
        n->operation_types =
            many(token_kind::open_brace, [this] { return operation_type_definition(); }, token_kind::close_brace);
    if (n->extends && n->directives.empty() && n->operation_types.empty())
        return unexpected(token_);
    return finish(n);
}

const ast::operation_type_definition* parser::operation_type_definition() {
    auto* const n = begin<ast::operation_type_definition>(ast::kind::operation_type_definition);
    n->operation = operation_type();
    expect(token_kind::colon);
    n->type = named_type();
    return finish(n);
}

const ast::type_definition* parser::type_definition(ast::kind kind) {
    auto* const n = begin<ast::type_definition>(kind);
    read_description(*n);
    n->extends = accept_keyword("extend");
    advance(); // skips the keyword, which the caller has checked
    n->name = name();

    const bool has_fields = kind == ast::kind::object_type || kind == ast::kind::interface_type;
    if (has_fields && accept_keyword("implements"))
        n->interfaces = delimited(token_kind::ampersand, [this] { return named_type(); });
    n->directives = directives(variables::forbidden);
    if (has_fields)
        n->fields = optional_many(token_kind::open_brace, [this] { return field_definition(); }, token_kind::close_brace);
    else if (kind == ast::kind::union_type && accept(token_kind::equals))
        n->members = delimited(token_kind::pipe, [this] { return named_type(); });
    else if (kind == ast::kind::enum_type)
        n->values = optional_many(token_kind::open_brace, [this] { return enum_value_definition(); }, token_kind::close_brace);
    else if (kind == ast::kind::input_object_type)
        n->input_fields =
            optional_many(token_kind::open_brace, [this] { return input_value_definition(); }, token_kind::close_brace);

    const bool is_empty = n->interfaces.empty() && n->directives.empty() && n->fields.empty() && n->members.empty() &&
                          n->values.empty() && n->input_fields.empty();
    if (n->extends && is_empty)
        return unexpected(token_);
    return finish(n);
}

const ast::field_definition* parser::field_definition() {
    auto* const n = begin<ast::field_definition>(ast::kind::field_definition);
    read_description(*n);
    n->name = name();
    n->arguments = argument_definitions();
    expect(token_kind::colon);
    n->type = type_reference();
    n->directives = directives(variables::forbidden);
    return finish(n);
}

const ast::input_value_definition* parser::input_value_definition() {
    auto* const n = begin<ast::input_value_definition>(ast::kind::input_value_definition);
    read_description(*n);
    n->name = name();
    expect(token_kind::colon);
    n->type = type_reference();
    n->default_value = default_value();
    n->directives = directives(variables::forbidden);
    return finish(n);
}

std::span<const ast::input_value_definition* const> parser::argument_definitions() {
    return optional_many(
        token_kind::open_parenthesis, [this] { return input_value_definition(); }, token_kind::close_parenthesis);
}

const ast::enum_value_definition* parser::enum_value_definition() {
    auto* const n = begin<ast::enum_value_definition>(ast::kind::enum_value_definition);
    read_description(*n);
    if (token_.text == "true" || token_.text == "false" || token_.text == "null")
        fail(token_.begin, describe(token_) + " is reserved and cannot be used for an enum value.");
    n->name = name();
    n->directives = directives(variables::forbidden);
    return finish(n);
}

const ast::directive_definition* parser::directive_definition() {
    auto* const n = begin<ast::directive_definition>(ast::kind::directive_definition);
    read_description(*n);
    expect_keyword("directive");
    expect(token_kind::at);
    n->name = name();
    n->arguments = argument_definitions();
    n->repeatable = accept_keyword("repeatable");
    expect_keyword("on");

    std::vector<ast::name> locations;
    static_cast<void>(accept(token_kind::pipe));
    do
        locations.push_back(directive_location());
    while (accept(token_kind::pipe));
    auto* const copies = std::pmr::polymorphic_allocator<>{&arena_}.allocate_object<ast::name>(locations.size());
    std::uninitialized_copy(locations.begin(), locations.end(), copies);
    n->locations = {copies, locations.size()};
    return finish(n);
}

ast::name parser::directive_location() {
    const auto found = expect(token_kind::name);
    if (std::find(directive_locations.begin(), directive_locations.end(), found.text) == directive_locations.end())
        unexpected(found);
    return {found.text, found.begin};
}

} // namespace atrium::graphql
