#include <graphql/parser.hpp>
#include <support/graphql.hpp>

using namespace atrium::graphql;

TEST_CASE("a query without a name is one operation with its fields") {
    const auto parsed = parse("{ me: user(id: 4) { name ...more } }");
    REQUIRE(parsed);
    REQUIRE(parsed->definitions().size() == 1);
    REQUIRE(parsed->definitions()[0]->kind == ast::kind::operation);
    const auto& query = static_cast<const ast::operation&>(*parsed->definitions()[0]);
    CHECK(query.type == ast::operation_type::query);
    CHECK_FALSE(query.name);
    REQUIRE(query.selection_set->selections.size() == 1);
    const auto& user = static_cast<const ast::field&>(*query.selection_set->selections[0]);
    CHECK(user.response_key() == "me");
    CHECK(user.name.text == "user");
    REQUIRE(user.arguments.size() == 1);
    CHECK(user.arguments[0]->value->kind == ast::kind::int_value);
    CHECK(user.selection_set->selections[1]->kind == ast::kind::fragment_spread);
}
