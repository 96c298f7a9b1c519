#include "widgets_fixture.hpp"

#include <widgets/events.hpp>

using namespace atrium;

TEST_CASE("clients can create, read, change, list and delete widgets by REST") {
    widgets_fixture fixture;
    const auto created = fixture.create("first");
    CHECK(created.status == http::status::created);
    CHECK(created.header("Location") == "/widgets/1");

    CHECK(fixture.get("/widgets/1").json().at("title") == "first");
    CHECK(fixture.patch("/widgets/1", R"({"title":"changed"})").json().at("revision") == 2);
    CHECK(fixture.get("/widgets/?title=ch").json().as_array().size() == 1);
    CHECK(fixture.remove("/widgets/1").status == http::status::no_content);
    CHECK(fixture.get("/widgets/1").status == http::status::not_found);
}

TEST_CASE("a widget with an empty title is rejected with a pointer to the field") {
    widgets_fixture fixture;
    const auto refused = fixture.create("");
    CHECK(refused.status == http::status::unprocessable_entity);
    CHECK(refused.json().at("errors").at(0).at("pointer") == "/title");
}

TEST_CASE("clients can create and list widgets by GraphQL, and request one by its id") {
    widgets_fixture fixture;
    const auto created = fixture.ask(R"(mutation { createWidget(input: {title: "first"}) { id title } })");
    CHECK(created.at("data").at("createWidget").at("title") == "first");
    CHECK(fixture.ask("{ allWidgets { title revision } }").at("data").at("allWidgets").at(0).at("revision") == 1);
    CHECK(fixture.ask("{ widget(id: 1) { title } }").at("data").at("widget").at("title") == "first");
    CHECK(fixture.ask("{ widgets(first: 1) { edges { node { title } } } }").at_pointer("/data/widgets/edges/0/node/title") ==
          "first");
}

TEST_CASE("each change of a widget is published, and the module's handler records it once") {
    widgets_fixture fixture;
    fixture.create("first");
    fixture.patch("/widgets/1", R"({"title":"changed"})");
    fixture.remove("/widgets/1");
    fixture.settle();
    CHECK(fixture.history() == "widgets.widget_created 1, widgets.widget_updated 1, widgets.widget_deleted 1");
    CHECK(fixture.dead_letters() == 0);
}

TEST_CASE("a GraphQL subscription delivers only the widgets that are created after it has started") {
    widgets_fixture fixture;
    fixture.create("before");
    const auto stream = fixture.subscribe("subscription { widgetCreated { title } }");
    fixture.create("after");
    CHECK(fixture.next_of(*stream) == R"({"data":{"widgetCreated":{"title":"after"}}})");
}
