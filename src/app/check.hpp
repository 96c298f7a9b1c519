#pragma once

#include <app/settings.hpp>

namespace atrium::app {

/// Prints the validity of the certificate, and the problems of the database with advice for each: pending migrations, tables
/// that do not match the modules, damage, and violations of the journal's invariants. Changes nothing. Returns the exit status
/// of the command.
[[nodiscard]] int check(const settings& s);

} // namespace atrium::app
