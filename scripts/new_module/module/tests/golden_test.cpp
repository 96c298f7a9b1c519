// Checks every byte of a widget that clients and other modules see. A new field adds a line to each of the expected texts;
// other tests check only the fields that they are about.
#include "widgets_fixture.hpp"

#include <widgets/events.hpp>

using namespace atrium;

TEST_CASE("a widget in JSON and in events has its fields in the order of the description") {
    widgets_fixture fixture;
    CHECK(fixture.create("first").body == R"({"message":"Widget created successfully","widget":{"id":1,)"
                                          R"("title":"first",)"
                                          R"("revision":1,)"
                                          R"("created_at":"2026-11-22T12:00:00.000Z",)"
                                          R"("updated_at":"2026-11-22T12:00:00.000Z"}})");
    CHECK(fixture.published(widgets::widget_created).at(0).data == R"({"widget_id":1,)"
                                                                   R"("title":"first",)"
                                                                   R"("revision":1})");
}
