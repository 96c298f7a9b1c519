#include <config/schema.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <fstream>

namespace {

using namespace atrium;

struct garden {
    int trees = 3;
    std::string name = "a \"quoted\" name";
    std::chrono::milliseconds pause{1'500};
    std::vector<std::string> beds = {"roses"};
    config::schema schema;

    garden() {
        schema.section("garden", "What grows.");
        schema.integer("garden.trees", trees, 0, 10, "How many trees stand | in it.");
        schema.text("garden.name", name, config::not_empty(), "Its name.");
        schema.section("garden.care", "What is done.");
        schema.duration("garden.care.pause", pause, std::chrono::milliseconds{1}, std::chrono::hours{48},
                        "The pause between two waterings.");
        schema.list("garden.care.beds", beds, {"roses", "beans"}, "What is watered.");
    }
};

} // namespace

TEST_CASE("a rendered file has every key with its comment, its allowed values and its default") {
    CHECK(garden{}.schema.render_file("A garden.") == R"(# A garden.

# What grows.
[garden]
# How many trees stand | in it.
# Can be a whole number from 0 to 10.
trees = 3

# Its name.
# Can be any text but the empty one.
name = "a \"quoted\" name"

# What is done.
[garden.care]
# The pause between two waterings.
# Can be a duration from "1ms" to "2d".
pause = "1500ms"

# What is watered.
# Can be a list of "roses" and "beans", each once at most, such as ["roses", "beans"].
beds = ["roses"]
)");
}

TEST_CASE("reading a rendered file results in the defaults") {
    support::temporary_directory folder;
    const auto name = folder / "garden.toml";
    std::ofstream{name} << garden{}.schema.render_file("");

    garden read;
    read.trees = 9;
    read.name = "other";
    CHECK(read.schema.load({name, {}, {}}).empty());
    CHECK(read.trees == 3);
    CHECK(read.name == "a \"quoted\" name");
    CHECK(read.pause == std::chrono::milliseconds{1'500});
}

TEST_CASE("long comments are wrapped between words") {
    config::schema schema;
    std::string sentence = "word";
    for (int i = 0; i < 40; ++i)
        sentence += " word";
    schema.section("s", sentence);
    const auto file = schema.render_file("");
    CHECK(file.find("\n# word") != std::string::npos);
    CHECK(file.find('\n', file.find("# word")) <= 112);
}

TEST_CASE("a rendered table has a row for each key, and vertical bars in the texts are escaped") {
    CHECK(garden{}.schema.render_table().starts_with("| key | default | can be | what it is for |\n|---|---|---|---|\n"
                                                     "| `garden.trees` | `3` | a whole number from 0 to 10 | How many trees "
                                                     "stand \\| in it. |\n"));
}
