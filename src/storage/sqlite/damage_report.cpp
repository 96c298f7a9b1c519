#include "sqlite/damage_report.hpp"

#include <sqlite3.h>

#include <utility>

namespace atrium::storage::sqlite {

damage_report::damage_report(std::filesystem::path file, logger log) : file_{std::move(file)}, log_{std::move(log)} {}

bool damage_report::is_damage(int code) noexcept {
    const int primary = code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

void damage_report::note(std::string_view reason) {
    if (is_damaged_.exchange(true))
        return;
    log_.error("the database file is damaged; stop the server, run `atrium check`, and restore a backup",
               {{"file", file_.string()}, {"reason", reason}});
}

result<> damage_report::state() const {
    if (!is_damaged_)
        return {};
    return error{.code = errc::unavailable, .detail = "the database file is damaged; see the server's log"};
}

} // namespace atrium::storage::sqlite
