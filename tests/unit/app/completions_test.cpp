#include <app/command_line.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/process.hpp>
#include <support/temporary_directory.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Runs the generated completion scripts for bash and fish in these shells. The script for zsh is not run: the test only checks
// that it has the expected functions.

namespace {

using namespace atrium;

using words = std::vector<std::string>;

app::command_line parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "atrium");
    auto parsed = app::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
    REQUIRE(parsed.has_value());
    return *parsed;
}

/// A folder with the completion script for a shell, and two files whose names can be completed.
struct shell_fixture {
    explicit shell_fixture(const char* shell) {
        std::ofstream{script} << parse({"completion", shell}).text;
        std::ofstream{folder / "a copy.db"};
        std::ofstream{folder / "config.toml"};
    }

    /// The sorted lines that the command prints.
    words lines_of(const std::vector<std::string>& command) const {
        support::process program{command};
        const int status = program.wait();
        CAPTURE(program.err());
        REQUIRE(status == 0);
        words lines;
        std::istringstream text{program.out()};
        for (std::string line; std::getline(text, line);)
            lines.push_back(line.substr(0, line.find('\t'))); // fish appends a tab and the description
        std::ranges::sort(lines);
        return lines;
    }

    support::temporary_directory folder;
    std::string script = (folder / "script").string();
};

struct bash_fixture : shell_fixture {
    bash_fixture() : shell_fixture{"bash"} {}

    /// The completions that bash offers for the last of these words.
    words complete(const words& line) const {
        std::vector<std::string> command{"bash", "--norc", "-c", R"bash(
cd "$1" && source ./script && shift && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1))
"$(complete -p atrium | sed -E 's/.*-F ([^ ]+) .*/\1/')" atrium
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}")bash", "bash", folder.path().string(), "atrium"};
        command.insert(command.end(), line.begin(), line.end());
        return lines_of(command);
    }
};

} // namespace

TEST_CASE("bash completes commands and subcommands") {
    const bash_fixture bash;
    CHECK(bash.complete({"se"}) == words{"serve"});
    CHECK(bash.complete({"ver"}) == words{"version"});
    CHECK(bash.complete({"events", "re"}) == words{"replay", "resend", "resume", "retry"});
    CHECK(bash.complete({"completion", ""}) == words{"--config", "--help", "--set", "-h", "bash", "fish", "zsh"});
    CHECK(bash.complete({"serve", "events"}).empty());
}

TEST_CASE("bash completes the options of a command") {
    const bash_fixture bash;
    CHECK(bash.complete({"serve", "--"}) == words{"--config", "--force", "--help", "--set"});
    CHECK(bash.complete({"migrate", "--d"}) == words{"--dry-run"});
    CHECK(bash.complete({"check", "--d"}).empty());
    CHECK(bash.complete({"events", "retry", "--gr"}) == words{"--group"});
    CHECK(bash.complete({"events", "--json", "list", "--or"}) == words{"--order"});
}

TEST_CASE("bash completes the names of files for a value that is a file, and nothing for a value that can be any text") {
    const bash_fixture bash;
    CHECK(bash.complete({"serve", "--config", "con"}) == words{"config.toml"});
    CHECK(bash.complete({"serve", "--config", "=", "con"}) ==
          words{"config.toml"}); // bash splits --config=con into these words
    CHECK(bash.complete({"backup", "a"}) == words{"a copy.db"});
    CHECK(bash.complete({"serve", "--set", ""}).empty());
    CHECK(bash.complete({"events", "list", "--topic", "a"}).empty());
}

TEST_CASE("fish completes commands, options and files") {
    const shell_fixture fish{"fish"};
    const auto complete = [&](const std::string& line) {
        return fish.lines_of({"fish", "--no-config", "-c", "cd $argv[1]; source ./script; complete -C $argv[2]",
                              fish.folder.path().string(), line});
    };
    CHECK(complete("atrium se") == words{"serve"});
    CHECK(complete("atrium events re") == words{"replay", "resend", "resume", "retry"});
    CHECK(complete("atrium migrate --dr") == words{"--dry-run"});
    CHECK(complete("atrium check --dr").empty());
    CHECK(complete("atrium completion ") == words{"bash", "fish", "zsh"});
    CHECK(complete("atrium serve --config con") == words{"config.toml"});
    CHECK(complete("atrium events list ").empty());
}

TEST_CASE("the script for zsh has a function for each command") {
    const auto script = parse({"completion", "zsh"}).text;
    CHECK(script.starts_with("#compdef atrium\n"));
    for (const auto* function : {"_atrium", "_atrium_serve", "_atrium_events", "_atrium_events_dead-letters"})
        CHECK(script.find("\n" + std::string{function} + "() {\n") != std::string::npos);
    CHECK(script.find("'*--set[Set one key, overriding file and environment; may be repeated]:KEY=VALUE: '") !=
          std::string::npos);
}

TEST_CASE("the command completion refuses an unknown shell with a list of the known shells") {
    support::captured_stderr output;
    const char* const arguments[]{"atrium", "completion", "tcsh"};
    CHECK(app::parse_command_line(3, arguments).error() == 2);
    CHECK(output.text().find("bash,zsh,fish") != std::string::npos);
}
