#pragma once

#include <storage/migration.hpp>
#include <storage/sqlite/backup.hpp>

#include <span>

namespace atrium::operations {

/// Writes a backup that a server can use in place of the original. It is a copy that `storage::sqlite::back_up` makes, with the
/// change that a copy of the journal needs (`events::journal_change_of_copy`). Blocks until the copy is on disk and checked.
/// Can be called on any thread, whether or not a server uses the database, in this process or another.
storage::sqlite::backup_summary back_up(storage::sqlite::backup_request request, std::span<const storage::schema> schemas);

} // namespace atrium::operations
