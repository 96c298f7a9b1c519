#include "back_up.hpp"

#include "registry.hpp"

#include <app/command_line.hpp>
#include <operations/backup.hpp>
#include <storage/sqlite/inspection.hpp>

#include <filesystem>
#include <iostream>

namespace atrium::app {

int back_up(const storage::sqlite::backup_request& request, bool tolerates_absence) {
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
    const auto done = operations::back_up(request, all_schemas());
    std::cout << "copied " << request.source.string() << " to " << request.target.string() << ": " << done.bytes
              << " bytes, copied in " << done.copying.count() << " ms, on disk and checked\n";
    return exit_success;
}

} // namespace atrium::app
