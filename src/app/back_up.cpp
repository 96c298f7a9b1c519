#include "back_up.hpp"

#include "registry.hpp"

#include <app/command_line.hpp>
#include <events/journal_copy.hpp>
#include <storage/sqlite/inspection.hpp>

#include <filesystem>
#include <iostream>

namespace atrium::app {

int back_up(storage::sqlite::backup_request request, bool tolerates_absence) {
    if (!std::filesystem::exists(request.source)) {
        storage::sqlite::check_absent(request.source);
        if (tolerates_absence) {
            std::cout << request.source.string() << " does not exist yet: there is nothing to copy\n";
            return exit_success;
        }
        std::cerr << "atrium: " << request.source.string()
                  << " does not exist; name the database with --config or --set storage.path=...\n";
        return exit_failure;
    }
    const auto schemas = all_schemas();
    const auto change = events::journal_change_of_copy();
    if (storage::sqlite::inspection{request.source, schemas, logger{}}.find_table(change.table))
        request.changes.emplace_back(change.statement);
    const auto done = storage::sqlite::back_up(request, schemas);
    std::cout << "copied " << request.source.string() << " to " << request.target.string() << ": " << done.bytes
              << " bytes, copied in " << done.copying.count() << " ms, on disk and checked\n";
    return exit_success;
}

} // namespace atrium::app
