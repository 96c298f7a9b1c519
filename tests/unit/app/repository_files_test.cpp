#include "api_reference.hpp"
#include "module_graph.hpp"
#include "registry.hpp"

#include <app/server.hpp>
#include <app/settings.hpp>
#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/temporary_directory.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

// config.toml and the table of docs/configuration.md are rendered from the declarations of the parts, the table of
// docs/events.md from the descriptions of the modules, and the reference pages from the documents that a server serves. After a
// change of a declaration or a description, render them again:
//
//     ATRIUM_RENDER=1 build/release/tests/unit/app/settings_test

namespace {

using namespace atrium;

const std::filesystem::path repository = ATRIUM_SOURCE_DIR;

std::string contents(const std::filesystem::path& file) {
    std::ifstream input_file{file, std::ios::binary};
    std::ostringstream all;
    all << input_file.rdbuf();
    return all.str();
}

/// Compares the file with `rendered`, or writes it if ATRIUM_RENDER is set.
void check_file(const std::filesystem::path& file, const std::string& rendered) {
    if (std::getenv("ATRIUM_RENDER") != nullptr)
        std::ofstream{file, std::ios::binary} << rendered;
    INFO(file << " differs from the declarations in the code; run this test with ATRIUM_RENDER=1 to render it again");
    CHECK(contents(file) == rendered);
}

/// Like `check_file`, but only for the text between `begin` and `end` in the file.
void check_table(const std::filesystem::path& file, std::string_view begin, const std::string& table,
                 std::string_view end = "<!-- end of the table -->\n") {
    const auto text = contents(file);
    const auto table_start = text.find(begin);
    const auto table_end = text.find(end);
    REQUIRE(table_start != std::string::npos);
    REQUIRE(table_end != std::string::npos);
    check_file(file, text.substr(0, table_start) + std::string{begin} + table + text.substr(table_end));
}

/// Adds an item to the list in a cell of a table.
void add_item(std::string& cell, std::string_view item) {
    cell.append(cell.empty() ? "`" : ", `").append(item).append("`");
}

/// The names of the fields in the data of the events of this topic.
std::string data_of(const entity::description& d, std::string_view topic) {
    const auto fields = entity::event_fields(d, topic);
    std::string data;
    for (std::size_t i = 0; i < d.fields().size(); ++i)
        if (fields.test(i))
            add_item(data, d.fields()[i].event_name);
    return data;
}

/// Rows of a table, each with topics, the form of the event key, and the fields of the event data. Consecutive topics whose
/// events have the same fields share a row.
std::string rows_of(const host::publication& publication) {
    const auto& d = *publication.entity;
    const auto key = entity::event_key(d, d.sample());
    std::string rows;
    for (auto topic = publication.topics.begin(); topic != publication.topics.end();) {
        const auto data = data_of(d, *topic);
        std::string topics;
        for (; topic != publication.topics.end() && data_of(d, *topic) == data; ++topic)
            add_item(topics, *topic);
        rows += "| " + topics + " | `" + key.substr(0, key.find('/')) + "/ID` | " + data + " |\n";
    }
    return rows;
}

} // namespace

TEST_CASE("the config.toml of the repository matches the declared settings") {
    check_file(repository / "config.toml", app::default_file());
}

TEST_CASE("the config.toml of the repository contains the defaults") {
    const auto read = app::read_settings({repository / "config.toml", {}, {}});
    REQUIRE(read.has_value());
    CHECK(read->http.port == app::settings{}.http.port);
    CHECK(read->modules == app::settings{}.modules);
}

TEST_CASE("modules.enabled is an empty list in the rendered config.toml and table of keys") {
    CHECK(app::default_file().find("\nenabled = []\n") != std::string::npos);
    CHECK(app::key_table().find("| `modules.enabled` | `[]` |") != std::string::npos);
}

TEST_CASE("the table of keys in docs/configuration.md matches the declared settings") {
    check_table(repository / "docs" / "configuration.md", "<!-- the table of keys is made from the schema -->\n",
                app::key_table());
}

TEST_CASE("docs/events.md lists the events of all modules and their data") {
    std::string table = "| topic | key | data |\n|---|---|---|\n";
    for (const auto& module : app::registered_modules())
        for (const auto& publication : module.description.publications)
            table += rows_of(publication);
    check_table(repository / "docs" / "events.md",
                "<!-- the table of events is rendered from the descriptions of the modules -->\n", table);
}

TEST_CASE("the reference pages match the documents of a server with the default settings") {
    const support::temporary_directory folder;
    auto settings = app::read_settings({{}, {}, {"http.port=0", "storage.path=" + (folder / "x.db").string()}});
    REQUIRE(settings.has_value());
    app::server server{*std::move(settings), logger{}};
    server.start();
    support::client client{server.port()};
    const auto docs = repository / "docs";
    check_file(docs / "api.md", app::render_api_reference(client.get("/openapi.json").json()));
    check_file(docs / "events-reference.md", app::render_event_reference(client.get("/asyncapi.json").json()));
    check_file(docs / "schema.graphql", client.get("/schema.graphql").body);
    server.stop();
}

TEST_CASE("docs/events.md has the graph of all modules") {
    check_table(repository / "docs" / "events.md", "<!-- atrium check --graph -->\n",
                "```mermaid\n" + app::module_graph(app::registered_modules()) + "```\n", "<!-- end of the graph -->\n");
}

TEST_CASE("docs/graphql.md shows the default of graphql.cost in its example") {
    const auto limit = "at most " + std::to_string(app::settings{}.graphql.cost) + " is allowed";
    CHECK(contents(repository / "docs" / "graphql.md").find(limit) != std::string::npos);
}
