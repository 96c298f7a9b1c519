#include <config/schema.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace atrium;
using strings = std::vector<std::string>;

struct door {
    std::string color = "white";
    int width = 90;
    strings locks;
};

/// A program whose settings have a list of tables.
struct house_settings {
    std::vector<door> doors;
    config::schema schema;

    house_settings() {
        schema.section("house", "Where the house is.");
        schema.tables<door>(
            "house.door", doors,
            [](config::schema& s, door& d) {
                s.text(".color", d.color, config::not_empty(), "Its paint.");
                s.integer(".width", d.width, 60, 200, "In centimeters.");
                s.list(".locks", d.locks, config::not_empty(), "From top to bottom.");
            },
            "The doors.", "[[house.door]]\ncolor = \"red\"\n");
    }

    strings load(const std::string& toml) {
        support::temporary_directory folder;
        std::ofstream{folder / "c.toml"} << toml;
        auto faults = schema.load({.file = folder / "c.toml", .environment = {}, .assignments = {}});
        for (auto& fault : faults)
            fault.erase(0, fault.find("c.toml"));
        return faults;
    }
};

} // namespace

TEST_CASE("each table of a list fills one item, and missing keys keep their defaults") {
    house_settings h;
    CHECK(h.load("[[house.door]]\ncolor = \"red\"\nlocks = [\"top\", \"bottom\"]\n[[house.door]]\nwidth = 70\n").empty());
    REQUIRE(h.doors.size() == 2);
    CHECK(h.doors[0].color == "red");
    CHECK(h.doors[0].width == 90);
    CHECK(h.doors[0].locks == strings{"top", "bottom"});
    CHECK(h.doors[1].color == "white");
    CHECK(h.doors[1].width == 70);
}

TEST_CASE("a list of tables can be set on the command line as TOML") {
    house_settings h;
    CHECK(
        h.schema.load({.file = {}, .environment = {}, .assignments = {R"(house.door=[{color="red"}, {width=100}])"}}).empty());
    REQUIRE(h.doors.size() == 2);
    CHECK(h.doors[1].width == 100);
}

TEST_CASE("the error for a key in a list of tables contains the index of the table, the key and what is allowed") {
    house_settings h;
    CHECK(h.load("[[house.door]]\n[[house.door]]\nwidth = 10\n") ==
          strings{"c.toml:1: house.door[1].width is 10; it can be a whole number from 60 to 200"});
    CHECK(h.load("[[house.door]]\nwdth = 70\n") ==
          strings{"c.toml:1: house.door[0] has no key wdth; its keys are color, width, locks"});
    CHECK(h.load("[[house.door]]\nlocks = [\"\"]\n") ==
          strings{"c.toml:1: house.door[0].locks is [\"\"]; it can be a list, each item any text but the empty one"});
    CHECK(h.load("[house]\ndoor = 3\n") == strings{"c.toml:2: house.door is 3; it can be a list of tables"});
}

TEST_CASE("the error for a value in place of a list of tables does not contain a password") {
    house_settings h;
    CHECK(h.load("[house]\ndoor = \"amqp://ann:hidden@host\"\n") ==
          strings{"c.toml:2: house.door is (not shown); it can be a list of tables"});
}

TEST_CASE("a rendered file contains the example for a list of tables, commented out") {
    CHECK(house_settings{}
              .schema.render_file("A house.")
              .ends_with("[house]\n# The doors.\n# [[house.door]]\n# color = \"red\"\n"));
}

TEST_CASE(
    "a rule is not applied to a list of tables if the last assignment to it is invalid, even if an earlier one is valid") {
    house_settings h;
    h.schema.rule({"house.door"}, [&h] { return h.doors.size() == 1 ? strings{} : strings{"house.door needs one door"}; });
    CHECK(h.schema.load({.file = {}, .environment = {}, .assignments = {"house.door=[{}]", "house.door=[{}, {width=1}]"}})
              .size() == 1);
    CHECK(h.schema.load({.file = {}, .environment = {}, .assignments = {"house.door=[{}, {}]"}}) ==
          strings{"--set house.door=[{}, {}]: house.door needs one door"});
}
