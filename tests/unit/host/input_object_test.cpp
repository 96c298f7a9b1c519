#include <host/input_object.hpp>
#include <http/input.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <string>

namespace atrium::host {
namespace {

using boost::json::object;

object renamed(const object& arguments) {
    return input_object({arguments, {}}, "input");
}

} // namespace

TEST_CASE("the fields of an input object get the names of a REST body, and keep their order") {
    const object given{{"input", {{"zip", "1"}, {"productName", "tea"}, {"lastOrderAt", 7}, {"a", true}}}};
    CHECK(boost::json::serialize(renamed(given)) == R"({"zip":"1","product_name":"tea","last_order_at":7,"a":true})");
}

TEST_CASE("what a field of an input object holds stays as it is") {
    const object given{{"input", {{"nothing", nullptr}, {"someList", {"aB", "cD"}}, {"inner", {{"stillCamel", 1.5}}}}}};
    CHECK(boost::json::serialize(renamed(given)) == R"({"nothing":null,"some_list":["aB","cD"],"inner":{"stillCamel":1.5E0}})");
    CHECK(renamed({{"input", object{}}}).empty());
}

TEST_CASE("faults of an input object are those of a REST body") {
    const object given{{"input", {{"quantity", 0}, {"productName", nullptr}}}};
    auto in = http::body_fields::of(renamed(given));
    CHECK_FALSE(in.optional_text("product_name"));
    CHECK_FALSE(in.optional_integer("quantity", 1, 9));
    CHECK(in.required_text("username").empty());
    const auto read = in.finish();
    REQUIRE_FALSE(read);
    std::string lines;
    for (const auto& each : read.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    CHECK(lines == "/quantity: must be between 1 and 9\n"
                   "/product_name: must not be null\n"
                   "/username: is required\n");
}

TEST_CASE("an input object that no argument is, is a mistake of the program") {
    CHECK_THROWS_AS(renamed({}), std::logic_error);
    CHECK_THROWS_AS(renamed({{"input", "text"}}), std::logic_error);
}

} // namespace atrium::host
