#include "space.hpp"

#include <support/catch.hpp>

using atrium::graphql::space::world;

TEST_CASE("a mutation's root fields run one after the other") {
    world w;
    CHECK(w.ask("mutation { a: step b: step(by: 10) c: step }") == R"({"data":{"a":1,"b":20,"c":3}})");
}

TEST_CASE("a field that fails does not keep the later ones from running") {
    world w;
    CHECK(w.ask("mutation { a: step fail b: step }").ends_with(R"("data":{"a":1,"fail":null,"b":2}})"));
}

TEST_CASE("after a failure that takes all data away nothing more is changed") {
    world w;
    CHECK(w.ask("mutation { step failNonNull b: step }").ends_with(R"("data":null})"));
    CHECK(w.noted.made["step"] == 1);
}

TEST_CASE("input objects are read with their defaults, and absent tells from null") {
    world w;
    CHECK(w.ask("mutation { addReview(planet: 1, review: {stars: 3}) { stars text tags } }") ==
          R"({"data":{"addReview":{"stars":3,"text":"none","tags":null}}})");
    CHECK(w.ask("mutation($r: ReviewInput!) { addReview(planet: 1, review: $r) { stars text tags } }",
                {{"r", {{"stars", 4}, {"tags", {"a", "b"}}}}}) ==
          R"({"data":{"addReview":{"stars":4,"text":"none","tags":["a","b"]}}})");
}

TEST_CASE("an input that breaks a module's rules is told by its pointers") {
    world w;
    CHECK(w.ask("mutation { addReview(planet: 1, review: {stars: 9}) { stars } }").find(R"("pointer":"/stars")") !=
          std::string::npos);
}
