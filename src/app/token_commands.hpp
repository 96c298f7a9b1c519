#pragma once

#include <app/command_line.hpp>
#include <app/settings.hpp>

namespace atrium::app {

/// Creates, lists or revokes tokens in the configured database, whether or not a server uses it at the same time. `create` also
/// creates or migrates the database. Prints results to standard output and all other messages to standard error. Returns the
/// exit status. Throws an exception whose text is meant for the person at the terminal.
[[nodiscard]] int run_token_command(const token_command& c, const settings& s);

} // namespace atrium::app
