#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace atrium::app {

/// An option or a positional argument of a command.
struct described_option {
    std::vector<std::string> names{}; ///< "-h", "--help"; empty for an argument that has only a position
    std::string value{};              ///< the name of the value in the help, such as "FILE"; empty if the option takes no value
    std::vector<std::string> choices{}; ///< the only possible values; empty if the value is not limited to a few words
    std::string description;
    bool is_positional = false; ///< the value may be written without a name
    bool is_required = false;
    bool is_repeatable = false;

    friend bool operator==(const described_option&, const described_option&) = default;
};

/// A command of the program, or the program itself, as it is declared with CLI11. The manual page and the completions are
/// derived from this description.
struct described_command {
    std::string name;
    std::string description;
    std::vector<described_option> options;
    std::vector<described_command> commands;
};

/// Derives the description from the commands and options that are declared in `program`.
[[nodiscard]] described_command describe(const CLI::App& program);

} // namespace atrium::app
