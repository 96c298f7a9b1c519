#include "module_graph.hpp"

#include <support/catch.hpp>

#include <utility>
#include <vector>

namespace {

using namespace atrium;

host::module_entry make_module(host::description d, std::vector<host::need> needs = {}) {
    return {.description = std::move(d), .needs = std::move(needs), .make = nullptr};
}

host::description notes(std::vector<std::string> patterns) {
    return {.name = "notes",
            .migrations = {},
            .subscriptions = {{.name = "notes.copies", .topics = std::move(patterns)}},
            .publications = {{{"notes.note_created", "notes.note_deleted"}, nullptr}}};
}

} // namespace

TEST_CASE("the graph of the modules shows which topics each module publishes and receives, and which modules it calls") {
    const std::vector modules{make_module({.name = "places", .migrations = {}, .subscriptions = {}}),
                              make_module(notes({"notes.*"}), {{.module = "places", .purpose = "notes asks where"}})};
    CHECK(app::module_graph(modules) == R"(flowchart LR
    module_places["places"]
    module_notes["notes"]
    topic_notes__note_created(["notes.note_created"])
    topic_notes__note_deleted(["notes.note_deleted"])
    module_notes --> topic_notes__note_created
    module_notes --> topic_notes__note_deleted
    topic_notes__note_created -- "notes.copies" --> module_notes
    topic_notes__note_deleted -- "notes.copies" --> module_notes
    module_notes == calls ==> module_places
)");
}

TEST_CASE("the graph shows a subscription's pattern that no topic matches, and escapes the special characters of Mermaid") {
    const std::vector modules{make_module(notes({"end.#"}))};
    CHECK(app::module_graph(modules).ends_with(R"(    topic_end___all(["end.#35;"])
    topic_end___all -. "notes.copies" .-> module_notes
)"));
}
