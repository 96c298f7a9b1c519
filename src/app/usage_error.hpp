#pragma once

#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
class Error;
} // namespace CLI

namespace atrium::app {

/// The message for a command line that `program` has refused: what is wrong, what was probably meant, and where help is. The
/// message contains no values of arguments, because such a value may be a password. `arguments` begins with the name of the
/// program.
[[nodiscard]] std::string usage_message(const CLI::App& program, const CLI::Error& failure,
                                        std::span<const char* const> arguments);

/// The message for a command that does not exist within `parent`. It suggests the command that was probably meant.
[[nodiscard]] std::string unknown_command(const CLI::App& parent, const std::string& name);

} // namespace atrium::app
