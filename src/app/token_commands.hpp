#pragma once

#include <app/command_line.hpp>
#include <app/settings.hpp>

namespace atrium::app {

/// Creates, lists or revokes tokens in the database of the configuration, beside a running server or without one. `create` also
/// creates or migrates the database. Prints results to standard output and all other messages to standard error. Returns the
/// exit status. Throws an exception whose text is meant for the person at the terminal.
[[nodiscard]] int run_token_command(const token_command& c, const settings& s);

} // namespace atrium::app
