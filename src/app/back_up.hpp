#pragma once

#include <storage/sqlite/backup.hpp>

namespace atrium::app {

/// Writes a backup that a server can use in place of the original, and prints a summary. Returns the exit status of the
/// command. If there is no database, the command fails unless `tolerates_absence` is set. Throws an exception whose text is
/// meant for the person at the terminal.
[[nodiscard]] int back_up(const storage::sqlite::backup_request& request, bool tolerates_absence);

} // namespace atrium::app
