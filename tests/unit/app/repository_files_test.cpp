#include <app/settings.hpp>
#include <support/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

// config.toml and the table of docs/configuration.md are rendered from what the parts declare. After a change of a declaration
// render them again:
//
//     ATRIUM_RENDER=1 build/release/tests/unit/app/settings_test

namespace {

using namespace atrium;

const std::filesystem::path repository = ATRIUM_SOURCE_DIR;

std::string contents(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

/// Holds the file equal to `made`, or writes it where that was asked for.
void check_file(const std::filesystem::path& file, const std::string& rendered) {
    if (std::getenv("ATRIUM_RENDER") != nullptr)
        std::ofstream{file, std::ios::binary} << rendered;
    INFO(file << " is not what the schema says; ATRIUM_RENDER=1 before this test writes it anew");
    CHECK(contents(file) == rendered);
}

} // namespace

TEST_CASE("the repository's config.toml says what the schema says") {
    check_file(repository / "config.toml", app::default_file());
}

TEST_CASE("the repository's config.toml gives the defaults") {
    const auto read = app::read_settings({repository / "config.toml", {}, {}});
    REQUIRE(read.has_value());
    CHECK(read->http.port == app::settings{}.http.port);
    CHECK(read->modules == app::settings{}.modules);
}

TEST_CASE("no rendered file lists the modules") {
    CHECK(app::default_file().find("\nenabled = []\n") != std::string::npos);
    CHECK(app::key_table().find("| `modules.enabled` | `[]` |") != std::string::npos);
}

TEST_CASE("the guide's table of keys says what the schema says") {
    constexpr std::string_view begin = "<!-- the table of keys is made from the schema -->\n";
    constexpr std::string_view end = "<!-- end of the table -->\n";
    const auto guide = repository / "docs" / "configuration.md";
    const auto text = contents(guide);
    const auto from = text.find(begin);
    const auto to = text.find(end);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    check_file(guide, text.substr(0, from) + std::string{begin} + app::key_table() + text.substr(to));
}

TEST_CASE("the guide to GraphQL shows the default of graphql.cost in its example") {
    const auto limit = "at most " + std::to_string(app::settings{}.graphql.cost) + " is allowed";
    CHECK(contents(repository / "docs" / "graphql.md").find(limit) != std::string::npos);
}
