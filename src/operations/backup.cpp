#include <events/journal_copy.hpp>
#include <operations/backup.hpp>
#include <storage/sqlite/inspection.hpp>

namespace atrium::operations {

storage::sqlite::backup_summary back_up(storage::sqlite::backup_request request, std::span<const storage::schema> schemas) {
    const auto change = events::journal_change_of_copy();
    if (storage::sqlite::inspection{request.source, schemas, logger{}}.find_table(change.table))
        request.changes.emplace_back(change.statement);
    return storage::sqlite::back_up(request, schemas);
}

} // namespace atrium::operations
