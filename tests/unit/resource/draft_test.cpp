#include "pears.hpp"

#include <resource/draft.hpp>
#include <resource/graphql.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>

namespace atrium::resource {
namespace {

using boost::json::object;

std::string lines_of(const error& e) {
    std::string lines;
    for (const auto& each : e.faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

} // namespace

TEST_CASE("a new entity is read by the rules of its description") {
    auto in = read_input({object{{"input", {{"name", "ann"}}}}, {}});
    pears::pear made;
    CHECK(read_new(pears::pear_entity, in, &made).test(pears::pear_entity.index_of("name")));
    CHECK(in.finish());
    CHECK(made.name == "ann");
}

TEST_CASE("all errors of a new entity are reported") {
    auto in = read_input({object{{"input", {{"id", 7}}}}, {}});
    pears::pear made;
    (void)read_new(pears::pear_entity, in, &made);
    CHECK(lines_of(in.finish().error()) == "/id: is not a known field\n/name: is required\n");
}

TEST_CASE("a change gives the fields that the client wrote and no others") {
    auto in = read_input({object{{"input", object{}}}, {}});
    pears::pear changed;
    CHECK(read_change(pears::pear_entity, in, &changed).none());
    CHECK(in.finish());
}

TEST_CASE("the fields of an input object are named as in a REST body, and so are their errors") {
    auto in = read_input({object{{"input", {{"quantity", 0}, {"productName", nullptr}}}}, {}});
    CHECK_FALSE(in.text("product_name"));
    CHECK_FALSE(in.integer("quantity", 1, 9));
    CHECK(in.required_text("username").empty());
    CHECK(lines_of(in.finish().error()) == "/quantity: must be between 1 and 9\n"
                                           "/product_name: must not be null\n"
                                           "/username: is required\n");
}

TEST_CASE("an argument that is not an input object is a mistake of the program") {
    CHECK_THROWS_AS(read_input({object{}, {}}), std::logic_error);
    CHECK_THROWS_AS(read_input({object{{"input", "text"}}, {}}), std::logic_error);
}

} // namespace atrium::resource
