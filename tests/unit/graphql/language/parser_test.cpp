#include <graphql/parser.hpp>
#include <support/graphql.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace atrium::graphql;
using atrium::support::parsed;

namespace {

/// The definition at `index`, whose kind the caller knows.
template <class Node>
const Node& definition(const document& d, std::size_t index = 0) {
    return static_cast<const Node&>(*d.definitions()[index]);
}

template <class Node>
std::vector<std::string> names(std::span<const Node* const> nodes) {
    std::vector<std::string> found;
    for (const auto* const n : nodes)
        found.emplace_back(n->name.text);
    return found;
}

std::vector<ast::kind> kinds(std::span<const ast::node* const> nodes) {
    std::vector<ast::kind> found;
    for (const auto* const n : nodes)
        found.push_back(n->kind);
    return found;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a selection set alone is a query") {
    const auto d = parsed("{ a }");
    REQUIRE(kinds(d.definitions()) == std::vector{ast::kind::operation});
    const auto& query = definition<ast::operation>(d);
    CHECK(query.type == ast::operation_type::query);
    CHECK_FALSE(query.name);
    CHECK_FALSE(query.description);
    CHECK(query.variables.empty());
    CHECK(query.directives.empty());
    CHECK(query.selection_set->selections.size() == 1);
}

TEST_CASE("operations have a type, a name, variables, directives and a description") {
    const auto d = parsed(R"(
        "what it does" query Q("who" $id: ID! = 4 @d, $in: [In]) @x { a }
        mutation M { a }
        """over and over""" subscription { a }
        query ($only: Int) { a })");
    REQUIRE(d.definitions().size() == 4);

    const auto& query = definition<ast::operation>(d, 0);
    CHECK(query.description == "what it does");
    CHECK_FALSE(query.block_description);
    CHECK(query.name->text == "Q");
    REQUIRE(query.variables.size() == 2);
    CHECK(query.variables[0]->description == "who");
    CHECK(query.variables[0]->variable->text == "id");
    CHECK(query.variables[0]->type->kind == ast::kind::non_null_type);
    CHECK(query.variables[0]->default_value->text == "4");
    CHECK(names(query.variables[0]->directives) == strings{"d"});
    CHECK(query.variables[1]->type->kind == ast::kind::list_type);
    CHECK(query.variables[1]->default_value == nullptr);
    CHECK(names(query.directives) == strings{"x"});

    CHECK(definition<ast::operation>(d, 1).type == ast::operation_type::mutation);
    CHECK(definition<ast::operation>(d, 2).type == ast::operation_type::subscription);
    CHECK(definition<ast::operation>(d, 2).block_description);
    CHECK_FALSE(definition<ast::operation>(d, 3).name);
    CHECK(definition<ast::operation>(d, 3).variables.size() == 1);
}

TEST_CASE("selections are fields, fragment spreads and inline fragments") {
    const auto d = parsed("{ a  b: c(x: 1, y: 2) @d { e }  ...F @g  ... on T @h { i }  ... { j }  ... @k { l } }");
    const auto selections = definition<ast::operation>(d).selection_set->selections;
    using ast::kind;
    REQUIRE(kinds(selections) == std::vector{kind::field, kind::field, kind::fragment_spread, kind::inline_fragment,
                                             kind::inline_fragment, kind::inline_fragment});

    const auto& plain = static_cast<const ast::field&>(*selections[0]);
    CHECK(plain.response_key() == "a");
    CHECK_FALSE(plain.alias);
    CHECK(plain.selection_set == nullptr);

    const auto& full = static_cast<const ast::field&>(*selections[1]);
    CHECK(full.response_key() == "b");
    CHECK(full.name.text == "c");
    CHECK(names(full.arguments) == strings{"x", "y"});
    CHECK(names(full.directives) == strings{"d"});
    CHECK(full.selection_set->selections.size() == 1);

    const auto& spread = static_cast<const ast::fragment_spread&>(*selections[2]);
    CHECK(spread.name.text == "F");
    CHECK(names(spread.directives) == strings{"g"});

    const auto& on_type = static_cast<const ast::inline_fragment&>(*selections[3]);
    CHECK(on_type.type_condition->name.text == "T");
    CHECK(names(on_type.directives) == strings{"h"});
    CHECK(static_cast<const ast::inline_fragment&>(*selections[4]).type_condition == nullptr);
    CHECK(names(static_cast<const ast::inline_fragment&>(*selections[5]).directives) == strings{"k"});
}

TEST_CASE("fragments have a name, a type condition and a description") {
    const auto d = parsed(R"("for people" fragment F on User @d { id })");
    const auto& fragment = definition<ast::fragment_definition>(d);
    CHECK(fragment.description == "for people");
    CHECK(fragment.name.text == "F");
    CHECK(fragment.type_condition->name.text == "User");
    CHECK(names(fragment.directives) == strings{"d"});
    CHECK(fragment.selection_set->selections.size() == 1);
}

TEST_CASE("keywords can be used as names") {
    for (const std::string word : {"query", "mutation", "subscription", "fragment", "schema", "type", "input", "extend", "true",
                                   "null", "repeatable", "implements"}) {
        CAPTURE(word);
        CHECK(parse("query " + word + "($" + word + ": " + word + ") { " + word + ": " + word + "(" + word + ": $" + word +
                    ") @" + word + " ..." + word + " } fragment " + word + " on " + word + " { " + word + " }"));
        CHECK(parse("type " + word + " implements " + word + " { " + word + "(" + word + ": " + word + "): " + word + " }"));
    }
    CHECK(parse("query on($on: on) { on: on(on: $on) @on ... on on { on } }"));
}

TEST_CASE("values keep their kind and their source text") {
    const auto d = parse_value(R"([$v, -12, 0, 1.5e-3, "s", """b""", true, false, null, RED, [], {}, {a: [1], b: {c: 2}}])");
    REQUIRE(d);
    const auto& list = definition<ast::value>(*d);
    REQUIRE(list.kind == ast::kind::list_value);
    const auto items = list.items;
    struct simple_value {
        ast::kind kind;
        std::string text;
        bool block = false;
    };
    const std::vector<simple_value> simple_values{
        {ast::kind::variable, "v"},         {ast::kind::int_value, "-12"},       {ast::kind::int_value, "0"},
        {ast::kind::float_value, "1.5e-3"}, {ast::kind::string_value, "s"},      {ast::kind::string_value, "b", true},
        {ast::kind::boolean_value, "true"}, {ast::kind::boolean_value, "false"}, {ast::kind::null_value, "null"},
        {ast::kind::enum_value, "RED"},
    };
    for (std::size_t i = 0; i < simple_values.size(); ++i) {
        CAPTURE(simple_values[i].text);
        CHECK(items[i]->kind == simple_values[i].kind);
        CHECK(items[i]->text == simple_values[i].text);
        CHECK(items[i]->block == simple_values[i].block);
    }
    CHECK(items[10]->items.empty());
    CHECK(items[11]->fields.empty());
    REQUIRE(names(items[12]->fields) == strings{"a", "b"});
    CHECK(items[12]->fields[0]->value->items.size() == 1);
    CHECK(names(items[12]->fields[1]->value->fields) == strings{"c"});
}

TEST_CASE("types are names, lists and non-null types") {
    const auto d = parse_type("[[A!]!]");
    REQUIRE(d);
    const auto* type = &definition<ast::type_reference>(*d);
    for (const auto kind : {ast::kind::list_type, ast::kind::non_null_type, ast::kind::list_type, ast::kind::non_null_type}) {
        CHECK(type->kind == kind);
        type = type->inner;
    }
    CHECK(type->kind == ast::kind::named_type);
    CHECK(type->name.text == "A");
    CHECK(parse_type("A!!").error().message == R"(Syntax Error: Expected <EOF>, found "!".)");
}

TEST_CASE("ignored characters and comments between tokens change nothing") {
    const auto d = parsed("\uFEFF,,# comment é😀\r\n{\ra,\tb(\uFEFFx:1,,,y:2,)# to the end}\n,c}#");
    CHECK(definition<ast::operation>(d).selection_set->selections.size() == 3);
}

TEST_CASE("every kind of type definition is parsed with all its parts") {
    const auto d = parsed(R"(
        scalar S @s
        "an object" type O implements A & B @o { "a field" f("an argument" a: Int = 1 @a, b: [E!]): String! @f }
        interface I implements & A { g: Int }
        union U @u = | A | B
        """an enum""" enum E @e { "a value" X @x Y }
        input N @n { "a field" x: Int = 3 @i, y: N })");
    using ast::kind;
    REQUIRE(kinds(d.definitions()) == std::vector{kind::scalar_type, kind::object_type, kind::interface_type, kind::union_type,
                                                  kind::enum_type, kind::input_object_type});
    const auto type = [&](std::size_t i) -> const ast::type_definition& { return definition<ast::type_definition>(d, i); };
    for (std::size_t i = 0; i < 6; ++i)
        CHECK_FALSE(type(i).extends);

    CHECK(names(type(0).directives) == strings{"s"});

    const auto& object = type(1);
    CHECK(object.description == "an object");
    CHECK(names(object.interfaces) == strings{"A", "B"});
    REQUIRE(object.fields.size() == 1);
    const auto& field = *object.fields[0];
    CHECK(field.description == "a field");
    CHECK(field.type->kind == kind::non_null_type);
    CHECK(names(field.directives) == strings{"f"});
    REQUIRE(names(field.arguments) == strings{"a", "b"});
    CHECK(field.arguments[0]->description == "an argument");
    CHECK(field.arguments[0]->default_value->text == "1");
    CHECK(names(field.arguments[0]->directives) == strings{"a"});

    CHECK(names(type(2).interfaces) == strings{"A"});
    CHECK(names(type(3).members) == strings{"A", "B"});
    CHECK(type(4).block_description);
    REQUIRE(names(type(4).values) == strings{"X", "Y"});
    CHECK(type(4).values[0]->description == "a value");
    CHECK(names(type(4).values[0]->directives) == strings{"x"});
    REQUIRE(names(type(5).input_fields) == strings{"x", "y"});
    CHECK(type(5).input_fields[0]->default_value->text == "3");
}

TEST_CASE("every type can be defined without a body, and extended by any of its parts") {
    CHECK(parse("scalar S type O interface I union U enum E input N type P implements I @d").value().definitions().size() == 7);
    const auto d = parsed(R"(
        extend scalar S @s
        extend type O implements I
        extend type O @o
        extend type O { a: Int }
        extend interface I { a: Int }
        extend union U = A
        extend enum E { X }
        extend input N { x: Int })");
    REQUIRE(d.definitions().size() == 8);
    for (std::size_t i = 0; i < 8; ++i)
        CHECK(definition<ast::type_definition>(d, i).extends);
}

TEST_CASE("a document can define schemas and directives, and extend schemas") {
    const auto d = parsed(R"(
        "the schema" schema @s { query: Q mutation: M subscription: S }
        extend schema @t { query: Q2 }
        extend schema @u
        "a directive" directive @d(x: Int = 1) repeatable on | FIELD | VARIABLE_DEFINITION
        directive @e on SCHEMA)");
    REQUIRE(d.definitions().size() == 5);
    const auto& schema = definition<ast::schema_definition>(d, 0);
    CHECK(schema.description == "the schema");
    CHECK_FALSE(schema.extends);
    REQUIRE(schema.operation_types.size() == 3);
    CHECK(schema.operation_types[2]->operation == ast::operation_type::subscription);
    CHECK(schema.operation_types[2]->type->name.text == "S");
    CHECK(definition<ast::schema_definition>(d, 1).extends);
    CHECK(definition<ast::schema_definition>(d, 2).operation_types.empty());

    const auto& directive = definition<ast::directive_definition>(d, 3);
    CHECK(directive.description == "a directive");
    CHECK(directive.repeatable);
    CHECK(names(directive.arguments) == strings{"x"});
    REQUIRE(directive.locations.size() == 2);
    CHECK(directive.locations[1].text == "VARIABLE_DEFINITION");
    CHECK_FALSE(definition<ast::directive_definition>(d, 4).repeatable);
}

TEST_CASE("a node spans its tokens, and a definition begins at its description") {
    const std::string source = "  \"d\" query Q { ab: cd(x: [1, 2]) }  ";
    const auto d = parsed(source);
    const auto text = [&](const ast::node& n) { return source.substr(n.begin, n.end - n.begin); };
    const auto& query = definition<ast::operation>(d);
    CHECK(text(query) == "\"d\" query Q { ab: cd(x: [1, 2]) }");
    CHECK(query.name->begin == 12);
    CHECK(text(*query.selection_set) == "{ ab: cd(x: [1, 2]) }");
    const auto& field = static_cast<const ast::field&>(*query.selection_set->selections[0]);
    CHECK(text(field) == "ab: cd(x: [1, 2])");
    CHECK(text(*field.arguments[0]) == "x: [1, 2]");
    CHECK(text(*field.arguments[0]->value) == "[1, 2]");
}

TEST_CASE("lines end with LF, CR or CRLF, and columns count UTF-16 code units") {
    const std::string source = "{\na\rb\r\n# é😀\n  \"é😀\" }";
    const document d{source};
    const auto location_of = [&](std::string_view text) { return d.locate(static_cast<std::uint32_t>(source.find(text))); };
    CHECK(location_of("{") == location{1, 1});
    CHECK(location_of("\n") == location{1, 2});
    CHECK(location_of("a") == location{2, 1});
    CHECK(location_of("b") == location{3, 1});
    CHECK(location_of("#") == location{4, 1});
    CHECK(location_of("\"") == location{5, 3});
    CHECK(location_of("}") == location{5, 9}); // one unit for é, two for 😀
    CHECK(d.locate(static_cast<std::uint32_t>(source.size())) == location{5, 10});
}

TEST_CASE("a document can be moved without change") {
    auto d = std::make_unique<document>(parsed("{ a }"));
    const auto* const query = d->definitions()[0];
    const document moved{std::move(*d)};
    d.reset();
    CHECK(moved.definitions()[0] == query);
    CHECK(moved.source() == "{ a }");
    const auto& field = static_cast<const ast::field&>(*definition<ast::operation>(moved).selection_set->selections[0]);
    CHECK(field.name.text.data() == moved.source().data() + 2);
}
