#include "sdl.hpp"

#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace atrium::graphql;
using namespace atrium::graphql::testing;

namespace {

std::vector<std::string> names_of(std::span<const type* const> types) {
    std::vector<std::string> names;
    for (const auto* t : types)
        names.push_back(t->name);
    return names;
}

/// The default of argument `name` of the field `f` of the query type, as JSON, or "none" if it has no default.
std::string default_of(const schema& s, std::string_view name) {
    const auto& value = s.find_type("Query")->find_field("f")->find_argument(name)->default_value;
    return value ? boost::json::serialize(*value) : "none";
}

ast::type_reference named_type(std::string_view name) {
    ast::type_reference t{{.kind = ast::kind::named_type}};
    t.name.text = name;
    return t;
}

ast::type_reference wrap(ast::kind kind, const ast::type_reference& inner) {
    ast::type_reference t{{.kind = kind}};
    t.inner = &inner;
    return t;
}

} // namespace

TEST_CASE("a schema lists the types in the order of their definitions, then the types that the document does not define") {
    const auto s = schema_of("type Query { b: B! } type B { id: ID a: A } type A { f: Float }");
    CHECK(names_of(s.types()) == std::vector<std::string>{"Query", "B", "ID", "A", "Float", "Boolean", "String", "__Schema",
                                                          "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue",
                                                          "__Directive", "__DirectiveLocation"});
    CHECK_FALSE(s.find_type("Int"));
}

TEST_CASE("root types have their usual names, or the names from a schema definition") {
    const auto usual = schema_of("type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }");
    CHECK(usual.root(ast::operation_type::subscription) == usual.find_type("Subscription"));
    const auto other =
        schema_of("schema { query: Q } extend schema { mutation: Query } type Q { a: Int } type Query { a: Int } "
                  "type Subscription { a: Int }");
    CHECK(other.root(ast::operation_type::query) == other.find_type("Q"));
    CHECK(other.root(ast::operation_type::mutation) == other.find_type("Query"));
    CHECK_FALSE(other.root(ast::operation_type::subscription));
}

TEST_CASE("extensions are added to the types they extend, wherever they are in the document") {
    const auto s = schema_of("extend type Query implements N { id: ID! } type Query { a: E } interface N { id: ID! } "
                             "union U = Query extend union U = V type V { b: Int } enum E { X } extend enum E { Y }");
    const auto& query = *s.find_type("Query");
    CHECK(query.find_field("id"));
    CHECK(names_of(query.interfaces) == std::vector<std::string>{"N"});
    CHECK(names_of(s.find_type("U")->possible_types) == std::vector<std::string>{"Query", "V"});
    CHECK(s.find_type("E")->find_enum_value("Y"));
    CHECK(query.definitions.size() == 2);
}

TEST_CASE("an abstract type has objects and interfaces as subtypes, but only objects as possible types") {
    const auto s =
        schema_of("type Query implements A & B { x: Int } interface A { x: Int } interface B implements A { x: Int } "
                  "type Other { x: Int } union U = Query | Other");
    const auto& a = *s.find_type("A");
    CHECK(s.is_subtype(a, *s.find_type("Query")));
    CHECK(s.is_subtype(a, *s.find_type("B")));
    CHECK_FALSE(s.is_subtype(a, *s.find_type("Other")));
    CHECK(s.is_subtype(*s.find_type("U"), *s.find_type("Other")));
    CHECK(names_of(a.possible_types) == std::vector<std::string>{"Query"});
}

TEST_CASE("defaults are coerced to their types, and omitted fields in them get their own defaults") {
    const auto s = schema_of(R"(type Query { f(list: [[Int]] = 3, in: In = {a: 1}, id: ID = 7, float: Float = 3, enum: E = X,
        null: Int = null, any: Any = {k: [1, X, 1.5]}, one: One = {a: 1}, none: Int): Int }
        input In { a: Int!, b: [E!] = X, c: In2 = {}, d: String } input In2 { x: Boolean = true } enum E { X }
        scalar Any input One @oneOf { a: Int b: Int })");
    CHECK(default_of(s, "list") == "[[3]]");
    CHECK(default_of(s, "in") == R"({"a":1,"b":["X"],"c":{"x":true}})");
    CHECK(default_of(s, "id") == R"("7")");
    CHECK(default_of(s, "float") == "3");
    CHECK(default_of(s, "enum") == R"("X")");
    CHECK(default_of(s, "null") == "null");
    CHECK(default_of(s, "any") == R"({"k":[1,"X",1.5E0]})");
    CHECK(default_of(s, "none") == "none");
    CHECK(default_of(s, "one") == R"({"a":1})");
}

TEST_CASE("the directives @deprecated, @specifiedBy and @oneOf of a document are read") {
    const auto s =
        schema_of(R"(type Query { a(x: Int @deprecated(reason: "x")): Int @deprecated b: E @deprecated(reason: null) }
        enum E { X @deprecated(reason: "old") } scalar Date @specifiedBy(url: "https://example.com/date")
        input In @oneOf { a: Int @deprecated })");
    const auto& query = *s.find_type("Query");
    CHECK(query.find_field("a")->deprecation_reason == "No longer supported");
    CHECK(query.find_field("a")->find_argument("x")->deprecation_reason == "x");
    CHECK_FALSE(query.find_field("b")->deprecation_reason);
    CHECK(s.find_type("E")->find_enum_value("X")->deprecation_reason == "old");
    CHECK(s.find_type("Date")->specified_by_url == "https://example.com/date");
    CHECK(s.find_type("In")->is_one_of);
    CHECK(s.find_type("In")->find_input_field("a")->deprecation_reason);
}

TEST_CASE("equal type references resolve to the same type, and a reference to an unknown type resolves to no type") {
    const auto s = schema_of("type Query { a: [Int!]! }");
    const auto inner = named_type("Int");
    const auto item = wrap(ast::kind::non_null_type, inner);
    const auto list = wrap(ast::kind::list_type, item);
    const auto whole = wrap(ast::kind::non_null_type, list);
    CHECK(s.resolve(whole) == s.find_type("Query")->find_field("a")->type);
    const auto lists = wrap(ast::kind::list_type, whole);
    CHECK(s.resolve(lists) == s.resolve(lists));
    CHECK(to_string(*s.resolve(lists)) == "[[Int!]!]");
    const auto unknown = named_type("Float");
    CHECK_FALSE(s.resolve(wrap(ast::kind::list_type, unknown)));
}

TEST_CASE("client documents cannot make a schema grow without limit") {
    const auto s = schema_of("type Query { a: Int }");
    // Each number stands for a different type of thirteen nested lists: its bits determine which items are non-null.
    const auto resolve_lists = [&](unsigned bits) {
        std::string text = "Int";
        for (int depth = 0; depth < 13; ++depth)
            text = "[" + text + ((bits >> depth) & 1 ? "!]" : "]");
        const auto d = parse_type(text).value();
        return s.resolve(static_cast<const ast::type_reference&>(*d.definitions().front()));
    };
    std::size_t refused = 0;
    for (unsigned bits = 0; bits < 8192; ++bits)
        refused += resolve_lists(bits) ? 0 : 1;
    CHECK(refused > 0);
    CHECK(resolve_lists(0)); // existing types stay
    const auto text = named_type("String");
    const auto list = wrap(ast::kind::list_type, text);
    CHECK(s.resolve(list)); // types with few lists are always created
}

TEST_CASE("a meta field such as __schema is found on the types that have it, but is not one of their own fields") {
    const auto s = schema_of("type Query { a: U } union U = Query type Other { b: Int }");
    const auto& query = *s.find_type("Query");
    CHECK(to_string(*s.find_field(query, "__schema")->type) == "__Schema!");
    CHECK(s.find_field(query, "__type")->find_argument("name")->is_required());
    CHECK(to_string(*s.find_field(*s.find_type("U"), "__typename")->type) == "String!");
    CHECK_FALSE(s.find_field(*s.find_type("Other"), "__schema"));
    CHECK_FALSE(query.find_field("__typename"));
    CHECK(s.find_field(query, "a") == query.find_field("a"));
}

TEST_CASE("a document cannot replace a type of the specification") {
    const auto s = schema_of("\"mine\" scalar Int type Query { a: Int } type __Type { a: Int }");
    CHECK(s.find_type("Int")->description->starts_with("The `Int` scalar type"));
    CHECK(s.find_type("__Type")->find_field("possibleTypes"));
    CHECK(s.types()[0]->name == "Int");
}

TEST_CASE("a document can replace a directive of the specification") {
    const auto s = schema_of("directive @skip on FIELD_DEFINITION type Query { a: Int @skip }");
    REQUIRE(s.directives().size() == 5);
    CHECK(s.directives()[0]->name == "skip");
    CHECK(s.find_directive("skip")->arguments.empty());
    CHECK(s.find_directive("include")->find_argument("if")->is_required());
}

TEST_CASE("custom scalars read input with their own functions") {
    class even final : public scalar_input {
        boost::system::result<boost::json::value, std::string> from_literal(const ast::value& literal) const override {
            if (literal.text.ends_with('2'))
                return {boost::system::in_place_value, 2};
            return {boost::system::in_place_error, "odd"};
        }
        boost::system::result<boost::json::value, std::string> from_variable(const boost::json::value& v) const override {
            return {boost::system::in_place_value, v};
        }
    };
    const scalar_inputs inputs{{"Even", std::make_shared<even>()}};
    const auto s = build_schema(parse("scalar Even type Query { f(a: Even = 12): Int }").value(), inputs).value();
    CHECK(default_of(s, "a") == "2");
    const auto odd = build_schema(parse("scalar Even type Query { f(b: Even = 13): Int }").value(), inputs);
    REQUIRE(odd.has_error());
    CHECK(odd.error().front().message == R"(Query.f(b:) has invalid default value: 13 does not fit type "Even".)");
}
