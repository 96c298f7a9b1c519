#include <config/schema.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

enum class color { red, green, blue };

/// The settings of an imaginary program, with a key of each kind.
struct example {
    std::string name = "ann";
    std::filesystem::path file = "data/x.db";
    std::uint16_t port = 8000;
    bool loud = false;
    color paint = color::red;
    strings parts = {"door", "wall"};
    std::chrono::milliseconds pause{10'000};
    std::chrono::hours age{168};

    config::schema schema;

    example() {
        schema.section("house", "Where the house is.");
        schema.text("house.name", name, config::not_empty(), "The owner.");
        schema.path("house.file", file, "The plan.");
        schema.integer("house.port", port, 0, 65535, "The number of the door.");
        schema.boolean("house.loud", loud, "Whether the bell rings.");
        schema.section("house.paint", "How it looks.");
        schema.choice("house.paint.color", paint, {{"red", color::red}, {"green", color::green}, {"blue", color::blue}},
                      "The walls.");
        schema.section("build", "How the house is built.");
        schema.list("build.parts", parts, {"door", "wall", "roof"}, "The parts of the house.");
        schema.duration("build.pause", pause, 100ms, 1h, "The pause between two bricks.");
        schema.duration("build.age", age, 1h, 24h * 365, "The age of the house.");
    }

    strings set(std::string assignment) { return schema.load({{}, {}, {std::move(assignment)}}); }
    strings environment(std::string variable) { return schema.load({{}, {std::move(variable)}, {}}); }
};

/// A file "test.toml" in a folder of its own. That folder is the working directory while this object exists, so that messages
/// show the name of the file without a folder.
class toml_file {
public:
    explicit toml_file(std::string_view text) : previous_path_{std::filesystem::current_path()} {
        std::filesystem::current_path(folder_.path());
        std::ofstream{"test.toml", std::ios::binary} << text;
    }
    ~toml_file() { std::filesystem::current_path(previous_path_); }
    toml_file(const toml_file&) = delete;
    toml_file& operator=(const toml_file&) = delete;

    strings load_into(example& e) { return e.schema.load({"test.toml", {}, {}}); }

private:
    support::temporary_directory folder_;
    std::filesystem::path previous_path_;
};

strings faults_of(std::string_view toml) {
    example e;
    return toml_file{toml}.load_into(e);
}

} // namespace

TEST_CASE("without any source every field keeps its default") {
    example e;
    CHECK(e.schema.load({}).empty());
    CHECK(e.port == 8000);
    CHECK(e.schema.origin("house.port").empty());
}

TEST_CASE("a file fills fields of every kind") {
    example e;
    toml_file file{"[house]\nname = 'bob'\nfile = \"/tmp/y\"\nport = 0\nloud = true\npaint.color = \"blue\"\n"
                   "[build]\nparts = [\n  \"roof\",\n]\npause = \"500ms\"\nage = \"2d\"\n"};
    CHECK(file.load_into(e) == strings{});
    CHECK(e.name == "bob");
    CHECK(e.file == "/tmp/y");
    CHECK(e.port == 0);
    CHECK(e.loud);
    CHECK(e.paint == color::blue);
    CHECK(e.parts == strings{"roof"});
    CHECK(e.pause == 500ms);
    CHECK(e.age == 48h);
    CHECK(e.schema.origin("build.parts") == "test.toml:8");
}

TEST_CASE("the environment overrides the file, and --set overrides the environment") {
    example e;
    toml_file file{"[house]\nport = 1\nname = 'file'\n[build]\npause = '1s'\n"};
    const config::sources all{"test.toml", {"ATRIUM_HOUSE__PORT=2", "ATRIUM_HOUSE__NAME=environment"}, {"house.port=3"}};
    CHECK(e.schema.load(all) == strings{});
    CHECK(e.port == 3);
    CHECK(e.name == "environment");
    CHECK(e.pause == 1s);
    CHECK(e.schema.origin("house.port") == "--set house.port=3");
    CHECK(e.schema.origin("house.name") == "environment ATRIUM_HOUSE__NAME");
    CHECK(e.schema.origin("build.pause") == "test.toml:5");
}

TEST_CASE("the later of two assignments to one key takes effect") {
    example e;
    CHECK(e.schema.load({{}, {}, {"house.port=1", "house.port=2"}}) == strings{});
    CHECK(e.port == 2);
}

TEST_CASE("values in --set and the environment are raw text for keys that hold text, and TOML for other keys") {
    example e;
    CHECK(e.set("house.name=true") == strings{});
    CHECK(e.name == "true");
    CHECK(e.set("house.name=a=b # c") == strings{});
    CHECK(e.name == "a=b # c");
    CHECK(e.set("build.pause=5m") == strings{});
    CHECK(e.pause == 5min);
    CHECK(e.set("house.paint.color=green") == strings{});
    CHECK(e.paint == color::green);
    CHECK(e.set("house.port=0x10") == strings{});
    CHECK(e.port == 16);
    CHECK(e.environment("ATRIUM_BUILD__PARTS=[\"roof\", 'door']") == strings{});
    CHECK(e.parts == strings{"roof", "door"});
    CHECK(e.environment("ATRIUM_HOUSE__PAINT__COLOR=blue") == strings{});
    CHECK(e.paint == color::blue);
}

TEST_CASE("the error for an invalid value contains the line, the key, the value and the allowed values") {
    CHECK(faults_of("\n\n[house.paint]\ncolor = 'gren'\n") ==
          strings{R"(test.toml:4: house.paint.color is "gren"; it can be "red", "green" or "blue")"});
    CHECK(faults_of("[house]\nport = 65536") ==
          strings{"test.toml:2: house.port is 65536; it can be a whole number from 0 to 65535"});
    CHECK(faults_of("[house]\nport = '80'") ==
          strings{R"(test.toml:2: house.port is "80"; it can be a whole number from 0 to 65535)"});
    CHECK(faults_of("[house]\nport = 80.5") ==
          strings{"test.toml:2: house.port is 80.5; it can be a whole number from 0 to 65535"});
    CHECK(faults_of("[house]\nloud = 1") == strings{"test.toml:2: house.loud is 1; it can be true or false"});
    CHECK(faults_of("[house]\nname = ''") == strings{R"(test.toml:2: house.name is ""; it can be any text but the empty one)"});
    CHECK(faults_of("[house]\nname = 2020-01-01") ==
          strings{"test.toml:2: house.name is 2020-01-01; it can be any text but the empty one"});
    CHECK(faults_of("[house]\nfile = ''") == strings{R"(test.toml:2: house.file is ""; it can be a path)"});
    CHECK(faults_of("[house.port]\nx = 1") ==
          strings{"test.toml:1: house.port is a table; it can be a whole number from 0 to 65535"});
}

TEST_CASE("a list of words must not be empty, and may contain only allowed words, each at most once") {
    const std::string rule =
        R"(; it can be a list of "door", "wall" and "roof", each once at most, such as ["door", "wall", "roof"])";
    CHECK(faults_of("[build]\nparts = []") == strings{"test.toml:2: build.parts is []" + rule});
    CHECK(faults_of("[build]\nparts = ['dor', 'wall']") == strings{R"(test.toml:2: build.parts is ["dor", "wall"])" + rule});
    CHECK(faults_of("[build]\nparts = ['wall', 'wall']") == strings{R"(test.toml:2: build.parts is ["wall", "wall"])" + rule});
    CHECK(faults_of("[build]\nparts = ['wall', 1]") == strings{R"(test.toml:2: build.parts is ["wall", 1])" + rule});
    CHECK(faults_of("[build]\nparts = 'wall'") == strings{R"(test.toml:2: build.parts is "wall")" + rule});
    CHECK(faults_of("[[build.parts]]\nx = 1") == strings{"test.toml:1: build.parts is [a table]" + rule});
}

TEST_CASE("a duration has a number and a unit, lies in the range of its field, and has no finer unit than its field") {
    const std::string rule = R"(; it can be a duration from "100ms" to "1h")";
    for (const auto* wrong : {"10", "s", "-1s", "+1s", "1 s", "1.5s", "1w", "99ms", "61m", "9223372036854775807d"}) {
        example e;
        CHECK(e.set("build.pause=" + std::string{wrong}) ==
              strings{"--set build.pause=" + std::string{wrong} + ": build.pause is \"" + wrong + "\"" + rule});
        CHECK(e.pause == 10s);
    }
    CHECK(faults_of("[build]\npause = 10") == strings{"test.toml:2: build.pause is 10" + rule});
    CHECK(faults_of("[build]\nage = '90m'") ==
          strings{R"(test.toml:2: build.age is "90m"; it can be a duration from "1h" to "365d")"});
}

TEST_CASE("error messages never contain the value of a key that is declared as secret") {
    std::string door_code = "1234";
    example e;
    e.schema.section("door", "How to get in.");
    e.schema.text("door.code", door_code,
                  {"four digits", [](std::string_view text) { return text.size() == 4; }, true}, // secret
                  "The code.");
    CHECK(e.set("door.code=hidden") == strings{"--set door.code=(not shown): door.code is (not shown); it can be four digits"});
    CHECK(e.environment("ATRIUM_DOOR__CODE=hidden") ==
          strings{"environment ATRIUM_DOOR__CODE: door.code is (not shown); it can be four digits"});
    CHECK(toml_file{"[door]\ncode = 'hidden'"}.load_into(e) ==
          strings{"test.toml:2: door.code is (not shown); it can be four digits"});
    CHECK(e.set("door.cod=hidden") == strings{"--set door.cod: there is no key door.cod; did you mean door.code?"});
    CHECK(e.set("door.code=4321").empty());
    CHECK(e.schema.origin("door.code") == "--set door.code=(not shown)");
    CHECK(door_code == "4321");
}

TEST_CASE("the error for an unknown key suggests the key that was probably meant") {
    CHECK(faults_of("[house]\nprot = 1") == strings{"test.toml:2: there is no key house.prot; did you mean house.port?"});
    CHECK(faults_of("port = 1") == strings{"test.toml:1: there is no key port; did you mean house.port?"});
    CHECK(faults_of("[house]\nzebra = 1") ==
          strings{"test.toml:2: there is no key house.zebra; [house] has name, file, port, loud"});
    CHECK(faults_of("'house.port' = 1") == strings{R"(test.toml:1: there is no key "house.port"; did you mean house.port?)"});
}

TEST_CASE("an unknown section is reported as one error, not as one for each of its keys") {
    CHECK(faults_of("[huose]\nport = 1\nname = 'x'") ==
          strings{"test.toml:1: there is no section [huose]; did you mean [house]?"});
    CHECK(faults_of("[zebra]\nport = 1") ==
          strings{"test.toml:1: there is no section [zebra]; the sections are [house], [house.paint], [build]"});
    CHECK(faults_of("house = 3") == strings{"test.toml:1: house is 3; it is a section: [house]"});
}

TEST_CASE("all errors are listed, first those of the file by line, then those of the environment, and then those of --set") {
    example e;
    toml_file file{"[house]\nzebra = 1\nport = -1\n[build]\npause = 1\nparts = ['x']\n"};
    const auto faults = e.schema.load({"test.toml", {"ATRIUM_HOUSE__LOUD=maybe"}, {"house.prot=1", "house.port=x"}});
    REQUIRE(faults.size() == 7);
    CHECK(faults[0].starts_with("test.toml:2: "));
    CHECK(faults[1].starts_with("test.toml:3: "));
    CHECK(faults[2].starts_with("test.toml:5: "));
    CHECK(faults[3].starts_with("test.toml:6: "));
    CHECK(faults[4] == "environment ATRIUM_HOUSE__LOUD: house.loud is maybe; it can be true or false");
    CHECK(faults[5] == "--set house.prot: there is no key house.prot; did you mean house.port?");
    CHECK(faults[6] == "--set house.port=x: house.port is x; it can be a whole number from 0 to 65535");
}

TEST_CASE("only environment variables of the form ATRIUM_X__Y are read as keys") {
    example e;
    const strings others{"PATH=/bin", "ATRIUM_HOME=/x", "ATRIUM__HOUSE=1",
                         "ATRIUM_=1", "HOUSE__PORT=1",  "XATRIUM_HOUSE__PORT=1"};
    CHECK(e.schema.load({{}, others, {}}) == strings{});
    CHECK(e.port == 8000);

    CHECK(e.environment("ATRIUM_HOUSE__PROT=1") ==
          strings{"environment ATRIUM_HOUSE__PROT: no key has this name; did you mean ATRIUM_HOUSE__PORT?"});
    CHECK(e.environment("ATRIUM_ZEBRA__X=1") == strings{"environment ATRIUM_ZEBRA__X: no key has this name"});
    CHECK(e.environment("ATRIUM_HOUSE__PORT=") ==
          strings{"environment ATRIUM_HOUSE__PORT: house.port is empty; it can be a whole number from 0 to 65535"});
}

TEST_CASE("a line break in the value of one assignment cannot set another key") {
    example e;
    CHECK(e.set("house.port=1\nother = 2").size() == 1);
    CHECK(e.set("house.port=1\nvalue.x = 2").size() == 1);
    CHECK(e.port == 8000);
}

TEST_CASE("an assignment without '=' is refused") {
    example e;
    CHECK(e.set("house.port") == strings{"--set house.port: write it as --set key=value"});
}

TEST_CASE("the error for an assignment without '=' repeats the assignment only if it is a key") {
    example e;
    for (const auto* value : {"amqp://ann:hidden@host/", "house.name:hidden", "hidden", "house.name hidden", "--hidden"})
        CHECK(e.set(value) == strings{"--set (not shown): write it as --set key=value"});
}

TEST_CASE("the error for an assignment to something that cannot be a key does not repeat the assignment") {
    example e;
    for (const auto* value : {"amqp://ann:hidden@host/?heartbeat=5", "c2VjcmV0OmhpZGRlbg==", "house name=hidden"})
        CHECK(e.set(value) == strings{"--set (not shown): this is not a key; keys have the form section.name"});
}

TEST_CASE("error messages do not contain a value that may contain a password, for any key") {
    const std::string url = GENERATE("http://ann:hidden@host", "amqp://ann:hid@den@host/x", "http://ann:hidden",
                                     "//ann:hidden@h", "ann:hidden@host:80", "http://host/?token=hidden", "http://host/#hidden",
                                     "http://host:hidden/", "http://[::1]:hidden");
    CAPTURE(url);
    const std::string refusal = "house.port is (not shown); it can be a whole number from 0 to 65535";
    example e;
    CHECK(e.set("house.port=" + url) == strings{"--set house.port=(not shown): " + refusal});
    CHECK(e.environment("ATRIUM_HOUSE__PORT=" + url) == strings{"environment ATRIUM_HOUSE__PORT: " + refusal});
    CHECK(toml_file{"[house]\nport = '" + url + "'"}.load_into(e) == strings{"test.toml:2: " + refusal});
    CHECK(toml_file{"[house]\nport = ['a', '" + url + "']"}.load_into(e) == strings{"test.toml:2: " + refusal});
    CHECK(toml_file{"house = '" + url + "'"}.load_into(e) ==
          strings{"test.toml:1: house is (not shown); it is a section: [house]"});

    CHECK(e.set("house.name=" + url).empty());
    CHECK(e.schema.origin("house.name") == "--set house.name=(not shown)");
}

TEST_CASE("a duration of zero is refused if it has a sign") {
    std::chrono::milliseconds pause{1};
    config::schema schema;
    schema.section("build", "How to build.");
    schema.duration("build.pause", pause, 0ms, 1h, "How long to pause.");
    CHECK(schema.load({.file = {}, .environment = {}, .assignments = {"build.pause=-0s"}}).size() == 1);
    CHECK(schema.load({.file = {}, .environment = {}, .assignments = {"build.pause=0s"}}).empty());
    CHECK(pause == 0ms);
}

TEST_CASE("error messages contain a value that cannot contain a password") {
    for (const auto* harmless : {"http://host:80/path", "https://host", "http://[::1]:8000/a:b", "host:8000", "12:30"}) {
        example e;
        CHECK(e.set("house.paint.color=" + std::string{harmless}) ==
              strings{"--set house.paint.color=" + std::string{harmless} + ": house.paint.color is \"" + harmless +
                      R"("; it can be "red", "green" or "blue")"});
    }
}

TEST_CASE("the error for a value in place of a section with secrets does not contain the value") {
    std::string door_code;
    example e;
    e.schema.section("door", "How to get in.");
    e.schema.text("door.code", door_code, {"any text", [](std::string_view) { return true; }, true}, "The code.");
    CHECK(toml_file{"door = 'hidden'"}.load_into(e) == strings{"test.toml:1: door is (not shown); it is a section: [door]"});
}

TEST_CASE("the error for a file that is not TOML does not contain excerpts") {
    for (const std::string value :
         {"amqp://ann:hidden@host", "true-hidden", "falsehidden", "'hidden", "\"hidden\\q\"", "infhidden", "2020-01-01hidden",
          "0xhidden", "hidden", "'a' hidden", "[hidden", "{hidden"}) {
        CAPTURE(value);
        const auto faults = faults_of("[house]\nname = " + value + "\n");
        REQUIRE_FALSE(faults.empty());
        CHECK(faults[0].find("not TOML") != std::string::npos);
        CHECK(faults[0].find("hid") == std::string::npos);
        CHECK(faults[0].find("ann") == std::string::npos);
    }
}

TEST_CASE("characters that control a terminal are escaped in error messages") {
    CHECK(faults_of("[house]\nport = '\xC2\x9B"
                    "31m\xE2\x80\xAE'") ==
          strings{R"(test.toml:2: house.port is "\u009b31m\u202e"; it can be a whole number from 0 to 65535)"});
    CHECK(faults_of("[house]\n\"p\xC2\x9B\" = 1") ==
          strings{R"(test.toml:2: there is no key house.p\u009b; [house] has name, file, port, loud)"});
}

TEST_CASE("text that is not UTF-8 is refused, and error messages do not contain it") {
    example e;
    CHECK(e.environment("ATRIUM_HOUSE__NAME=\xff") ==
          strings{"environment ATRIUM_HOUSE__NAME: house.name is not UTF-8; it can be any text but the empty one"});
    CHECK(e.set("house.port=\xff") ==
          strings{"--set (not readable): house.port is not UTF-8; it can be a whole number from 0 to 65535"});
}

TEST_CASE("the error for a file that is not TOML contains the line number") {
    const auto faults = faults_of("[house]\nport = \nname = 'x'\n");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].starts_with("test.toml:2: not TOML: "));
    CHECK(faults_of("[house]\nport = 1\nport = 2\n").at(0).starts_with("test.toml:3: not TOML: "));
}

TEST_CASE("an empty file is valid") {
    CHECK(faults_of("") == strings{});
}

TEST_CASE("a file that does not exist or cannot be read is an error") {
    example e;
    CHECK(e.schema.load({"/nowhere/x.toml", {}, {}}) == strings{"/nowhere/x.toml: cannot be read: No such file or directory"});
    CHECK(e.schema.load({"/", {}, {}}) == strings{"/: this is a folder, not a file"});
}

TEST_CASE("a schema refuses a key that is declared twice or outside of its section") {
    example e;
    CHECK_THROWS_AS(e.schema.boolean("build.pause", e.loud, ""), std::logic_error);
    CHECK_THROWS_AS(e.schema.boolean("house.open", e.loud, ""), std::logic_error);
    CHECK_THROWS_AS(e.schema.origin("house.open"), std::logic_error);
}

TEST_CASE("the errors of a rule begin with the source that sets the first key of the rule") {
    example e;
    e.schema.rule({"build.pause", "build.age"},
                  [&e] { return e.pause < 1h ? strings{} : strings{"build.pause is too long", "build.age is too short"}; });
    CHECK(e.set("build.pause=1h") ==
          strings{"--set build.pause=1h: build.pause is too long", "--set build.pause=1h: build.age is too short"});
    CHECK(e.schema.load({{}, {}, {"build.age=2h", "build.pause=1m"}}).empty());
    CHECK_THROWS_AS(e.schema.rule({"build.pause", "build.size"}, [] { return strings{}; }), std::logic_error);
}

TEST_CASE("the errors of a rule begin with the source that sets its second key if no source sets the first one") {
    example e;
    e.schema.rule({"build.pause", "build.age"}, [] { return strings{"build.age does not suit build.pause"}; });
    CHECK(toml_file{"[build]\nage = '2h'\n"}.load_into(e) == strings{"test.toml:2: build.age does not suit build.pause"});
}

TEST_CASE("a rule is not checked if all of its keys have their defaults, or if the value of a key is invalid") {
    example e;
    e.schema.rule({"build.pause", "build.age"}, [] { return strings{"build.pause is wrong"}; });
    CHECK(e.set("house.port=9000").empty());
    CHECK(e.set("build.pause=never") ==
          strings{R"(--set build.pause=never: build.pause is "never"; it can be a duration from "100ms" to "1h")"});
}

TEST_CASE("the list of settings contains each key with its value and the source of the value") {
    const toml_file file{"[house]\nname = 'file'\nport = 1\nloud = true\n"};
    example e;
    CHECK(e.schema.load({"test.toml", {"ATRIUM_HOUSE__NAME=variable"}, {"build.parts=[\"roof\"]"}}).empty());
    std::map<std::string, std::string> found;
    for (const auto& each : e.schema.settings()) {
        CHECK_FALSE(each.comment.empty());
        found[each.key] = each.value + ", " + std::string{config::name_of(each.source)};
    }
    CHECK(found.size() == 8);
    CHECK(found["house.name"] == "\"variable\", environment");
    CHECK(found["house.file"] == "\"data/x.db\", default");
    CHECK(found["house.port"] == "1, file");
    CHECK(found["house.loud"] == "true, file");
    CHECK(found["build.parts"] == "[\"roof\"], command line");
    CHECK(found["build.pause"] == "\"10s\", default");
}

TEST_CASE("the settings do not contain a value that is or may be secret, whatever its source is") {
    std::string token;
    std::string url;
    config::schema schema;
    schema.section("door", "How to enter.");
    schema.text("door.token", token, {"a token", [](std::string_view) { return true; }, true}, "What opens the door.");
    schema.text("door.url", url, {"a URL", [](std::string_view) { return true; }}, "Where the door is.");
    const toml_file file{"[door]\ntoken = 'sesame'\n"};
    CHECK(schema.load({"test.toml", {"ATRIUM_DOOR__URL=http://ann:sesame@door"}, {}}).empty());
    for (const auto& each : schema.settings())
        CHECK(each.value == "(hidden)");
}
