#include "space.hpp"

#include <support/catch.hpp>

using atrium::graphql::space::world;

TEST_CASE("root fields of a mutation run one after the other") {
    world w;
    // `step` returns how often it has been called, multiplied by `by`.
    CHECK(w.ask("mutation { a: step b: step(by: 10) c: step }") == R"({"data":{"a":1,"b":20,"c":3}})");
}

TEST_CASE("if a root field of a mutation fails, the later root fields still run") {
    world w;
    CHECK(w.ask("mutation { a: step fail b: step }").ends_with(R"("data":{"a":1,"fail":null,"b":2}})"));
}

TEST_CASE("after an error that makes the whole data null, no further root field of a mutation runs") {
    world w;
    CHECK(w.ask("mutation { step failNonNull b: step }").ends_with(R"("data":null})"));
    CHECK(w.call_counts.total["step"] == 1);
}

TEST_CASE("absent fields of an input object get their defaults, or are null if they have none") {
    world w;
    CHECK(w.ask("mutation { addReview(planet: 1, review: {stars: 3}) { stars text tags } }") ==
          R"({"data":{"addReview":{"stars":3,"text":"none","tags":null}}})");
    CHECK(w.ask("mutation($r: ReviewInput!) { addReview(planet: 1, review: $r) { stars text tags } }",
                {{"r", {{"stars", 4}, {"tags", {"a", "b"}}}}}) ==
          R"({"data":{"addReview":{"stars":4,"text":"none","tags":["a","b"]}}})");
}

TEST_CASE("errors in the input of a mutation are reported with their JSON pointers") {
    world w;
    CHECK(w.ask("mutation { addReview(planet: 1, review: {stars: 9}) { stars } }").find(R"("pointer":"/stars")") !=
          std::string::npos);
}
