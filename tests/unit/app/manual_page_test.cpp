#include <app/command_line.hpp>
#include <support/catch.hpp>
#include <support/process.hpp>
#include <support/temporary_directory.hpp>

#include <fstream>
#include <string>

namespace {

using namespace atrium;

std::string manual() {
    const char* const arguments[]{"atrium", "manual"};
    const auto parsed = app::parse_command_line(2, arguments);
    REQUIRE(parsed.has_value());
    return parsed->text;
}

/// Writes the manual page to a file and runs a command with it.
struct page_fixture {
    page_fixture() { std::ofstream{file} << manual(); }

    std::string output_of(std::vector<std::string> command) const {
        command.push_back(file);
        support::process program{command, {"MANWIDTH=100", "LC_ALL=C.UTF-8"}};
        program.wait();
        return program.out() + program.err();
    }

    support::temporary_directory folder;
    std::string file = (folder / "atrium.1").string();
};

} // namespace

TEST_CASE("mandoc reports nothing about the manual page except its missing date") {
    const page_fixture page;
    // The page has no date, so that the same sources always result in the same page.
    const auto findings = page.output_of({"mandoc", "-T", "lint", "-W", "warning"});
    INFO(findings);
    CHECK(findings.find("missing date") != std::string::npos);
    CHECK(findings.find('\n') == findings.size() - 1); // there is only one line
}

TEST_CASE("the manual page shows the commands and options with the texts of the command line") {
    const page_fixture page;
    const auto text = page.output_of({"mandoc", "-T", "ascii", "-O", "width=100"});
    const auto plain = [&] { // removes overstrikes, which a terminal shows as bold letters
        std::string result;
        for (const char c : text) {
            if (c == '\b')
                result.pop_back();
            else
                result.push_back(c);
        }
        return result;
    }();
    CAPTURE(plain);
    for (const auto* part : {"atrium - users and orders around one event bus, in one process", "atrium serve [OPTION...]",
                             "atrium backup FILE [OPTION...]", "atrium events retry [ID...] [OPTION...]",
                             "atrium events publish TOPIC JSON [OPTION...]", "Only list the migrations that would be applied.",
                             "--set KEY=VALUE", "--server URL", "EXIT STATUS"})
        CHECK(plain.find(part) != std::string::npos);
}
