#include "lamp.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::event_requests;
using namespace atrium::event_requests::test;

TEST_CASE("data that has all fields of its topic, with their types, is accepted and determines the key of the event") {
    const auto schemas = lamp_schemas();
    CHECK(schemas.check("lamps.lamp_lit", lit_data));
    CHECK(schemas.key_of("lamps.lamp_lit", lit_data) == "lamp/7");
}

TEST_CASE("a topic that no module publishes is refused, and the error names the topic") {
    const auto schemas = lamp_schemas();
    CHECK_FALSE(schemas.has("lamps.lamp_sold"));
    CHECK(errors_of(schemas.check("lamps.lamp_sold", lit_data)) ==
          "/topic: must be a topic that a module publishes; no module publishes lamps.lamp_sold\n");
}

TEST_CASE("each missing or wrong field of the data is reported with its JSON pointer") {
    const auto checked = lamp_schemas().check(
        "lamps.lamp_lit", R"({"lamp_id":0,"note":7,"watts":1.5,"is_new":"yes","state":"green","lit_at":"noon"})");
    CHECK(errors_of(checked) == "/data/lamp_id: must be between 1 and 9223372036854775807\n"
                                "/data/note: must be a string\n"
                                "/data/watts: must be an integer\n"
                                "/data/is_new: must be true or false\n"
                                "/data/state: must be lit or dark\n"
                                "/data/lit_at: must be a date and time such as 2026-11-22T12:00:00Z\n"
                                "/data/name: is required\n");
}

TEST_CASE("if only one field of the data is wrong, the detail of the returned error names the field and the rule") {
    auto data = std::string{lit_data};
    data.replace(data.find("\"desk\""), 6, "null");
    const auto checked = lamp_schemas().check("lamps.lamp_lit", data);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().detail == "data/name must not be null");
}

TEST_CASE("a text field that clients must not leave empty must not be empty in event data, but other text fields may be") {
    auto data = std::string{lit_data};
    data.replace(data.find("\"desk\""), 6, R"("")");
    CHECK(errors_of(lamp_schemas().check("lamps.lamp_lit", data)) == "/data/name: must have 1 to 20 characters\n");
    data = lit_data;
    data.replace(data.find("null"), 4, R"("")");
    CHECK(lamp_schemas().check("lamps.lamp_lit", data));
}

TEST_CASE("a field of the data that can be null may be missing") {
    auto data = std::string{lit_data};
    data.erase(data.find(R"("note":null,)"), 12);
    CHECK(lamp_schemas().check("lamps.lamp_lit", data));
}

TEST_CASE("unknown and repeated fields of the data are refused") {
    auto data = std::string{lit_data};
    data.insert(1, R"("is_new":true,"color":"red",)");
    CHECK(errors_of(lamp_schemas().check("lamps.lamp_lit", data)) == "/data/is_new: appears more than once\n"
                                                                     "/data/color: is not a known field\n");
}

TEST_CASE("a field of the entity that a topic leaves out of its events is refused as unknown in the data of this topic") {
    CHECK(errors_of(lamp_schemas().check("lamps.lamp_broken", lit_data)) == "/data/watts: is not a known field\n");
}
