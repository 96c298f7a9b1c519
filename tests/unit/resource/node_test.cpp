#include "pear_market.hpp"

#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

namespace atrium::resource {
namespace {

boost::json::value find_node(pears::pears_graphql_fixture& fixture, std::string_view id) {
    return fixture.ask("query ($id: ID!) { node(id: $id) { __typename nodeId ... on Pear { name } } }", {{"id", id}})
        .at("data")
        .at("node");
}

} // namespace

TEST_CASE("an object is found by its global id") {
    pears::pears_graphql_fixture fixture;
    fixture.add_pear("a");
    fixture.add_pear("b");
    CHECK(node_id("Pear", pears::pear_id{2}) == "Pear:2");
    CHECK(find_node(fixture, "Pear:2") == boost::json::value{{"__typename", "Pear"}, {"nodeId", "Pear:2"}, {"name", "b"}});
}

TEST_CASE("for an unknown or invalid global id, node returns null") {
    pears::pears_graphql_fixture fixture;
    fixture.add_pear("a");
    for (const auto* id : {"", ":", "1", ":1", "Pear", "Pear:", "Pear:2", "Pear:0", "Pear:01", "Pear:1 ", "Pear:1:1", "pear:1",
                           "Apple:1", "PageInfo:1", "Query:1", "Node:1"}) {
        CAPTURE(id);
        CHECK(find_node(fixture, id).is_null());
    }
}

TEST_CASE("a string that is not a valid id is read as 0, which is the id of no row") {
    CHECK(read_id<pears::pear_id>("7") == pears::pear_id{7});
    for (const auto* text : {"", "0", "-1", "07", "7 ", "Pear:7", "9223372036854775808"})
        CHECK(read_id<pears::pear_id>(text) == pears::pear_id{0});
}

} // namespace atrium::resource
