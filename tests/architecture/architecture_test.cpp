#include "dependency_rules.hpp"
#include "entity_rules.hpp"

#include <support/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

// Compares the sources and targets with the table of allowed dependencies (allowed_dependencies.txt, which also explains parts
// and rooms).

namespace atrium::architecture {
namespace {

const std::filesystem::path root{ATRIUM_SOURCE_FOLDER};

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<source> read_sources() {
    std::vector<source> sources;
    for (const auto* folder : {"src", "modules"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder})
            if (const auto kind = entry.path().extension(); entry.is_regular_file() && (kind == ".hpp" || kind == ".cpp"))
                sources.push_back({std::filesystem::relative(entry.path(), root).string(), text_of(entry.path())});
    return sources;
}

/// Reads CMake's targets from ATRIUM_LINK_LISTS, which has one line for each: its name and the names of its links.
std::vector<target> read_targets() {
    std::vector<target> targets;
    std::istringstream lines{text_of(ATRIUM_LINK_LISTS)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        target parsed;
        words >> parsed.name;
        parsed.links = {std::istream_iterator<std::string>{words}, {}};
        targets.push_back(parsed);
    }
    return targets;
}

std::string read_table() {
    return text_of(root / "tests/architecture/allowed_dependencies.txt");
}

dependency_rules read_rules() {
    return dependency_rules{read_table(), modules_of(read_targets())};
}

/// Removes the `//` comments from a text.
std::string remove_comments(const std::string& text) {
    static const std::regex comment{"//.*"};
    return std::regex_replace(text, comment, "");
}

std::string join_lines(const std::vector<std::string>& faults) {
    std::string text;
    for (const auto& fault : faults)
        text += fault + "\n";
    return text;
}

} // namespace

TEST_CASE("every include is allowed by allowed_dependencies.txt") {
    const auto sources = read_sources();
    REQUIRE(sources.size() > 50);
    CHECK(join_lines(faults_of_includes(sources, read_rules())) == "");
}

TEST_CASE("every target links only to targets and libraries that allowed_dependencies.txt allows") {
    const auto targets = read_targets();
    REQUIRE(targets.size() > 10);
    CHECK(join_lines(faults_of_links(targets, read_rules())) == "");
}

TEST_CASE("allowed_dependencies.txt has a row for each part and room, and no other rows") {
    std::set<std::string> parts;
    const auto rules = read_rules();
    for (const auto& each : read_sources()) {
        if (const auto part = part_of(each.path); !part.empty())
            parts.insert(part);
        if (const auto room = room_of(each.path); !room.empty() && rules.has_rooms(part_of(each.path)))
            parts.insert(room);
    }
    std::set<std::string> rows;
    for (const auto& [part, row] : rules.rows())
        rows.insert(part);
    CHECK(rows == parts);
}

TEST_CASE("a room of graphql includes no later room in the sequence language, types, validation, execution, introspection") {
    const std::vector<std::string> rooms{"language", "types", "validation", "execution", "introspection"};
    std::size_t seen = 0;
    for (const auto& each : read_sources())
        for (std::size_t room = 0; room < rooms.size(); ++room) {
            if (!each.path.starts_with("src/graphql/" + rooms[room] + "/"))
                continue;
            ++seen;
            for (auto later = room + 1; later < rooms.size(); ++later) {
                CAPTURE(each.path, rooms[later]);
                CHECK(each.text.find("#include \"" + rooms[later] + "/") == std::string::npos);
            }
        }
    CHECK(seen > 50);
}

TEST_CASE("every room of events, http and graphql is a separate target") {
    std::set<std::string> targets;
    for (const auto& each : read_targets())
        targets.insert(each.name);
    const auto rules = read_rules();
    std::size_t rooms = 0;
    for (const auto& [row, ignored] : rules.rows()) {
        const auto end = row.find('/');
        if (end == std::string::npos)
            continue;
        ++rooms;
        CAPTURE(row);
        CHECK(targets.contains(row.substr(0, end) + "_" + row.substr(end + 1)));
    }
    CHECK(rooms == 16);
}

TEST_CASE("each folder of modules/ is a module, and no two modules use each other") {
    std::set<std::string> folders;
    for (const auto& entry : std::filesystem::directory_iterator{root / "modules"})
        if (entry.is_directory())
            folders.insert(entry.path().filename().string());
    const auto modules = modules_of(read_targets());
    std::set<std::string> names;
    for (const auto& [name, uses] : modules)
        names.insert(name);
    CHECK(names == folders);
    CHECK_NOTHROW(dependency_rules{read_table(), modules}); // throws for a cycle
}

TEST_CASE("under src, only app may use modules, and no module may use the implementation of another") {
    const auto rules = read_rules();
    for (const auto& [module, uses] : modules_of(read_targets()))
        for (const auto& [part, ignored] : rules.rows()) {
            CAPTURE(part, module);
            const bool is_app = part == "app";
            if (std::filesystem::exists(root / "src" / part) && !is_app) {
                CHECK_FALSE(rules.may_use_part(part, module));
                CHECK_FALSE(rules.may_use_part(part, module + "_api"));
            }
            if (part != module && !is_app)
                CHECK_FALSE(rules.may_use_part(part, module));
        }
}

TEST_CASE("under src, only registry.cpp refers to modules") {
    std::size_t found = 0;
    for (const auto& [module, uses] : modules_of(read_targets())) {
        const std::regex name{"\\b" + module + "::|<" + module + "/|\"" + module + "\""};
        for (const auto& each : read_sources()) {
            if (!each.path.starts_with("src/") || !std::regex_search(remove_comments(each.text), name))
                continue;
            CAPTURE(each.path, module);
            CHECK(each.path == "src/app/registry.cpp");
            ++found;
        }
    }
    CHECK(found == modules_of(read_targets()).size()); // each module is registered once
}

TEST_CASE("every entity that a module describes is listed by the module, so that its table is checked") {
    CHECK(join_lines(unlisted_entities(read_sources())) == "");
}

TEST_CASE("the table of docs/architecture.md is rendered from allowed_dependencies.txt") {
    constexpr std::string_view begin = "<!-- this table is rendered from tests/architecture/allowed_dependencies.txt -->\n";
    constexpr std::string_view end = "<!-- end of the table -->\n";
    const auto path = root / "docs/architecture.md";
    const auto text = text_of(path);
    const auto table_begin = text.find(begin);
    const auto table_end = text.find(end);
    REQUIRE(table_begin != std::string::npos);
    REQUIRE(table_end != std::string::npos);
    const auto rendered = text.substr(0, table_begin) + std::string{begin} + to_markdown(read_table()) + text.substr(table_end);
    if (std::getenv("ATRIUM_RENDER") != nullptr)
        std::ofstream{path, std::ios::binary} << rendered;
    INFO("run this test with ATRIUM_RENDER=1 to render the table again");
    CHECK(text_of(path) == rendered);
}

} // namespace atrium::architecture
