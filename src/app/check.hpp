#pragma once

#include <app/settings.hpp>

namespace atrium::app {

/// Prints the validity of the certificate, and the state of the database: pending migrations, tables that do not match the
/// modules, damage, and violations of the journal's invariants, each with what to do. Changes nothing. Returns the exit status
/// of the command.
[[nodiscard]] int check(const settings& s);

} // namespace atrium::app
