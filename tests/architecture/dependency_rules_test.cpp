#include "dependency_rules.hpp"

#include <support/catch.hpp>

#include <stdexcept>

// Tests of `dependency_rules`: it must find the violations that are added to a small example. A part is a folder of src/, or a
// module. A room is a folder of a part that is a CMake target of its own.

namespace atrium::architecture {
namespace {

dependency_rules some_rules() {
    return dependency_rules{"# an example\n"
                            "base:                        | spdlog boost/uuid\n"
                            "http:       base             | boost/asio\n"
                            "host:       http             |\n"
                            "users_api:  base             |\n"
                            "users:      host users_api   |\n"
                            "orders:     host users_api   |\n"
                            "app:        users orders     | CLI\n"};
}

const std::vector<source> example_sources{
    {"src/base/api/base/log.hpp", "#pragma once\n#include <string>\n"},
    {"src/http/api/http/server.hpp", "#include <base/log.hpp>\n#include <boost/asio/post.hpp>\n"},
    {"src/http/parts/parser.hpp", ""},
    {"src/http/server.cpp", "#include \"parts/parser.hpp\"\n#include <http/server.hpp>\n#include <sys/socket.h>\n"},
    {"modules/users/api/users/user.hpp", "#include <base/log.hpp>\n"},
    {"modules/users/include/users/module.hpp", "#include <http/server.hpp>\n"},
    {"modules/users/src/service.hpp", "#include <users/user.hpp>\n#include \"migrations.hpp\"\n"},
    {"modules/users/src/table.hpp", ""},
    {"src/app/main.cpp", "#include <users/module.hpp>\n#include <CLI/CLI.hpp>\n"},
};

/// The violations in the example with one more file.
std::vector<std::string> faults_with_file(std::string path, std::string text) {
    auto sources = example_sources;
    sources.push_back({std::move(path), std::move(text)});
    return faults_of_includes(sources, some_rules());
}

using faults = std::vector<std::string>;

} // namespace

TEST_CASE("sources that keep to the rules have no violations") {
    CHECK(faults_of_includes(example_sources, some_rules()) == faults{});
}

TEST_CASE("an include of a part that may not be used is a violation") {
    CHECK(faults_with_file("src/base/log.cpp", "#include <http/server.hpp>\n") ==
          faults{"src/base/log.cpp: includes <http/server.hpp>, but base may not use http"});
}

TEST_CASE("an include of a module by a part other than app is a violation") {
    CHECK(faults_with_file("src/http/routes.cpp", "  #  include <users/user.hpp> // why not\n") ==
          faults{"src/http/routes.cpp: includes <users/user.hpp>, but http may not use users_api"});
}

TEST_CASE("a module may include the api of another module, but not its implementation") {
    CHECK(faults_with_file("modules/orders/src/service.cpp", "#include <users/user.hpp>\n") == faults{});
    CHECK(faults_with_file("modules/orders/src/service.cpp", "#include <users/module.hpp>\n") ==
          faults{"modules/orders/src/service.cpp: includes <users/module.hpp>, but orders may not use users"});
    CHECK(faults_with_file("modules/orders/src/service.cpp", "#include \"../../users/src/service.hpp\"\n") ==
          faults{"modules/orders/src/service.cpp: includes \"../../users/src/service.hpp\", a private header of users"});
    CHECK(faults_with_file("modules/orders/src/service.cpp", "#include \"table.hpp\"\n") ==
          faults{"modules/orders/src/service.cpp: includes \"table.hpp\", which is not a file of its own part"});
}

TEST_CASE("a header in detail/ may be included only by its own part") {
    auto sources = example_sources;
    sources.push_back({"src/http/api/http/detail/buffer.hpp", ""});
    sources.push_back({"src/http/api/http/router.hpp", "#include <http/detail/buffer.hpp>\n"});
    CHECK(faults_of_includes(sources, some_rules()) == faults{});
    sources.push_back({"src/host/routes.cpp", "#include <http/router.hpp>\n#include <http/detail/buffer.hpp>\n"});
    CHECK(faults_of_includes(sources, some_rules()) ==
          faults{"src/host/routes.cpp: includes <http/detail/buffer.hpp>, a detail of http"});
}

TEST_CASE("the api of a module may not include its implementation") {
    CHECK(faults_with_file("modules/users/api/users/directory.hpp", "#include <users/module.hpp>\n") ==
          faults{"modules/users/api/users/directory.hpp: includes <users/module.hpp>, but users_api may not use users"});
}

TEST_CASE("an unexpected folder in a module is a violation") {
    CHECK(faults_with_file("modules/users/client/src/remote.cpp", "") ==
          faults{"modules/users/client/src/remote.cpp: the table has no row for the part users/client"});
    CHECK(faults_with_file("modules/users/tests/remote_test.cpp", "#include <anything.hpp>\n") == faults{});
}

namespace {

constexpr std::string_view table_with_modules = "base: | | results\n"
                                                "host: base | |\n"
                                                "MODULE_api: base | |\n"
                                                "MODULE: host MODULE_api | boost/json | a module\n"
                                                "app: host MODULES | CLI | all of it\n";

} // namespace

TEST_CASE("the rows of MODULE apply to every module, and each module may also use the interfaces that it declares") {
    const dependency_rules rules{table_with_modules, {{"users", {}}, {"orders", {"users_api"}}, {"notes", {}}}};
    CHECK(rules.may_use_part("orders", "users_api"));
    CHECK_FALSE(rules.may_use_part("orders", "users"));
    CHECK_FALSE(rules.may_use_part("orders", "notes_api"));
    CHECK_FALSE(rules.may_use_part("users", "orders_api"));
    CHECK_FALSE(rules.may_use_part("users_api", "users"));
    CHECK(rules.may_use_part("notes", "host"));
    CHECK(rules.may_use_library("notes", "boost/json"));
    CHECK(rules.may_use_part("app", "notes"));
    CHECK_FALSE(rules.knows("MODULE"));
    CHECK_FALSE(rules.knows("MODULES"));
}

TEST_CASE("modules that use each other, directly or through others, are refused") {
    CHECK_THROWS_AS((dependency_rules{table_with_modules, {{"users", {"orders_api"}}, {"orders", {"users_api"}}}}),
                    std::runtime_error);
    CHECK_THROWS_AS((dependency_rules{table_with_modules, {{"a", {"b_api"}}, {"b", {"c_api"}}, {"c", {"a_api"}}}}),
                    std::runtime_error);
    CHECK_NOTHROW(dependency_rules{table_with_modules, {{"a", {"b_api", "c_api"}}, {"b", {"c_api"}}, {"c", {}}}});
}

TEST_CASE("modules_of finds the modules among CMake targets, and the interfaces that they use") {
    CHECK(modules_of({{"base", {}},
                      {"users_api", {"base"}},
                      {"users", {"host", "users_api"}},
                      {"orders_api", {"base"}},
                      {"orders", {"host", "orders_api", "users_api"}}}) ==
          module_uses{{"users", {}}, {"orders", {"users_api"}}});
}

TEST_CASE("to_markdown renders a table with a row for each part") {
    CHECK(to_markdown("# a comment\nbase: | boost/asio boost/uuid | results\nMODULE: host base | | a module\n") ==
          "| folder | holds | may use | libraries |\n|---|---|---|---|\n"
          "| `src/base` | results |  | boost/asio, boost/uuid |\n"
          "| `modules/NAME` | a module | host, base |  |\n");
}

TEST_CASE("an include of a library that is not allowed is a violation") {
    CHECK(faults_with_file("src/http/a.cpp", "#include <boost/uuid/uuid.hpp>\n") ==
          faults{"src/http/a.cpp: includes <boost/uuid/uuid.hpp>, but http may not use boost/uuid"});
    CHECK(faults_with_file("modules/users/src/a.cpp", "#include <sqlite3.h>\n") ==
          faults{"modules/users/src/a.cpp: includes <sqlite3.h>, but users may not use sqlite3"});
    CHECK(faults_with_file("src/http/a.cpp", "#include <boost/json.hpp>\n") ==
          faults{"src/http/a.cpp: includes <boost/json.hpp>, but http may not use boost/json"});
}

TEST_CASE("an include that cannot be parsed is a violation") {
    CHECK(faults_with_file("src/http/a.cpp", "#include HEADER\n") ==
          faults{"src/http/a.cpp: has an include whose name cannot be read"});
}

TEST_CASE("a part without a row is a violation") {
    const auto found = faults_with_file("src/graphics/a.cpp", "");
    CHECK(found == faults{"src/graphics/a.cpp: the table has no row for the part graphics"});
}

namespace {

dependency_rules rules_with_rooms() {
    return dependency_rules{"base:        | boost/asio\n"
                            "http:   base | boost/url\n"
                            "app:    http |\n"
                            "http/sockets:\n"
                            "http/messages: http/sockets\n"
                            "http/stream: http/messages\n"
                            "http/server: http/stream\n"};
}

const std::vector<source> sources_with_rooms{
    {"src/http/api/http/request.hpp", ""},
    {"src/http/sockets/tcp.hpp", "#include <boost/url/url.hpp>\n"},
    {"src/http/messages/fields.hpp", "#include <http/request.hpp>\n"},
    {"src/http/stream/stream.cpp", "#include \"stream.hpp\"\n#include \"sockets/tcp.hpp\"\n"},
    {"src/http/stream/stream.hpp", ""},
    {"src/http/server/worker.hpp", "#include \"stream/stream.hpp\"\n#include \"messages/fields.hpp\"\n"},
};

/// The violations in the example with rooms and one more file.
std::vector<std::string> faults_with_file_in_room(std::string path, std::string text) {
    auto sources = sources_with_rooms;
    sources.push_back({std::move(path), std::move(text)});
    return faults_of_includes(sources, rules_with_rooms());
}

} // namespace

TEST_CASE("a room may include public headers and the rooms that its row lists") {
    CHECK(faults_of_includes(sources_with_rooms, rules_with_rooms()) == faults{});
}

TEST_CASE("an include of a room that may not be used is a violation") {
    CHECK(faults_with_file_in_room("src/http/stream/body.cpp", "#include \"server/worker.hpp\"\n") ==
          faults{"src/http/stream/body.cpp: includes \"server/worker.hpp\", but http/stream may not use http/server"});
    CHECK(faults_with_file_in_room("src/http/sockets/peer.cpp", "#include \"../messages/fields.hpp\"\n") ==
          faults{"src/http/sockets/peer.cpp: includes \"../messages/fields.hpp\", but http/sockets may not use http/messages"});
    CHECK(faults_with_file_in_room("src/http/api/http/stream.hpp", "#include \"stream/stream.hpp\"\n") ==
          faults{"src/http/api/http/stream.hpp: includes \"stream/stream.hpp\", but a public header may not use http/stream"});
}

TEST_CASE("a file outside of its part's rooms is a violation") {
    CHECK(faults_with_file_in_room("src/http/beast.cpp", "") ==
          faults{"src/http/beast.cpp: the table has no row for the room http/beast.cpp"});
    CHECK(faults_with_file_in_room("src/http/engine/worker.cpp", "") ==
          faults{"src/http/engine/worker.cpp: the table has no row for the room http/engine"});
    CHECK(faults_with_file_in_room("src/base/log/log.cpp", "") == faults{});
}

TEST_CASE("a link to a room that may not be used is a violation") {
    const auto faults_of = [](const target& one) { return faults_of_links({one}, rules_with_rooms()); };
    CHECK(faults_of({"http_server", {"http_stream", "http_sockets", "base", "asio"}}) ==
          faults{"http_server: links to asio, but http/server may not use it"});
    CHECK(faults_of({"http", {"http_server", "Boost::url"}}) == faults{});
    CHECK(faults_of({"app", {"http_stream", "http"}}) == faults{});
    CHECK(faults_of({"http_stream", {"http_server"}}) ==
          faults{"http_stream: links to http_server, but http/stream may not use it"});
    CHECK(faults_of({"http_stream", {"http"}}) == faults{"http_stream: links to http, but http/stream may not use it"});
    CHECK(faults_of({"http_sockets", {"app"}}) == faults{"http_sockets: links to app, but http/sockets may not use it"});
    CHECK(faults_of({"base", {"http_sockets"}}) == faults{"base: links to http_sockets, but base may not use it"});
}

TEST_CASE("files that include each other are a violation") {
    auto sources = example_sources;
    sources.push_back({"src/http/a.hpp", "#include \"b.hpp\"\n"});
    sources.push_back({"src/http/b.hpp", "#include \"a.hpp\"\n"});
    CHECK(faults_of_includes(sources, some_rules()) ==
          faults{"files include each other in a cycle: src/http/a.hpp -> src/http/b.hpp -> src/http/a.hpp"});
}

TEST_CASE("a link that is not allowed is a violation") {
    CHECK(faults_of_links({{"http", {"base", "asio"}}, {"orders", {"host", "users_api", "base"}}}, some_rules()) == faults{});
    CHECK(
        faults_of_links({{"orders", {"host", "users"}}, {"base", {"http", "SQLite::SQLite3"}}, {"extra", {}}}, some_rules()) ==
        faults{"orders: links to users, but orders may not use it", "base: links to http, but base may not use it",
               "base: links to SQLite::SQLite3, but base may not use it", "extra: the table has no row for this target"});
}

TEST_CASE("an invalid table of allowed dependencies is refused") {
    CHECK_THROWS_AS(dependency_rules{"base\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"base: nowhere |\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"base: |\nbase: |\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: b |\nb: c |\nc: a |\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: |\na/x: a/y\na/y: a/z\na/z: a/x\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: |\na/x: a/nowhere\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a/x:\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: |\nb: |\na/x: b\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: |\nb: |\na/x:\nb/x: a/x\n"}, std::runtime_error);
    CHECK_THROWS_AS(dependency_rules{"a: |\na/x: | boost/asio\n"}, std::runtime_error);
}

} // namespace atrium::architecture
