#include "sqlite/migrator.hpp"

#include "sqlite/snapshot.hpp"

#include <base/clock.hpp>
#include <storage/store.hpp>

#include <sqlite3.h>
#include <storage/sha256.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

std::string name_of(std::string_view owner, std::string_view migration) {
    return std::string{owner} + "/" + std::string{migration};
}

/// The owner of a table is the part of its name before the first underscore, so an owner's name has no underscore; "sqlite" and
/// "storage" are reserved.
bool can_own(std::string_view name) noexcept {
    const auto is_lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !name.empty() && name.front() > '9' && std::all_of(name.begin(), name.end(), is_lower) && name != "sqlite" &&
           name != "storage";
}

void check_embedded(std::span<const schema> schemas) {
    std::set<std::string_view> owners;
    for (const auto& each : schemas) {
        if (!can_own(each.owner))
            throw std::logic_error{"\"" + each.owner +
                                   "\" cannot own tables: lower-case letters and digits only, not sqlite or storage"};
        if (!owners.insert(each.owner).second)
            throw std::logic_error{"two schemas for " + each.owner};
        int expected = 0;
        for (const auto& step : each.migrations)
            if (step.version != ++expected)
                throw std::logic_error{"migrations of " + each.owner + ": version " + std::to_string(expected) +
                                       " was expected instead of " + std::string{step.name}};
    }
}

struct applied_step {
    std::string name;
    std::string checksum;
};
using record_of_owner = std::map<int, applied_step>;

std::map<std::string, record_of_owner, std::less<>> read_record(connection& connection) {
    auto table = connection.query("SELECT count(*) FILTER (WHERE name = 'storage_migration'), count(*) FROM sqlite_schema");
    if (!table.next() || table.integer(1) == 0)
        return {};
    if (table.integer(0) == 0)
        throw open_error{"the file is an SQLite database of another program; name another file (storage.path)"};

    std::map<std::string, record_of_owner, std::less<>> all;
    for (auto rows = connection.query("SELECT owner, version, name, checksum FROM storage_migration ORDER BY 1, 2");
         rows.next();)
        all[std::string{rows.text(0)}].emplace(static_cast<int>(rows.integer(1)),
                                               applied_step{std::string{rows.text(2)}, std::string{rows.text(3)}});
    return all;
}

void check_owner(const schema& embedded, const record_of_owner& record) {
    const auto known = static_cast<int>(embedded.migrations.size());
    int expected = 0;
    for (const auto& [version, applied] : record) {
        if (version > known)
            throw open_error{"the database is newer than this program: it has the migration " +
                             name_of(embedded.owner, applied.name) +
                             ", which this program does not have; start the newer program, or restore a backup"};
        if (version != ++expected)
            throw open_error{"the database's record of migrations is damaged: " + embedded.owner + " has version " +
                             std::to_string(version) + " without version " + std::to_string(expected) + "; restore a backup"};
        const auto& step = embedded.migrations[static_cast<std::size_t>(version) - 1];
        if (sha256(step.sql) != applied.checksum)
            throw open_error{"the migration " + name_of(embedded.owner, step.name) +
                             " was changed after it was applied to this database; restore its text and make the change in "
                             "a new migration; if it was never released, delete this database instead"};
    }
}

/// The schema of all owners except `owner` as one text, for checking that a migration of `owner` has not changed it.
std::string schema_of_others(connection& connection, const std::string& owner) {
    std::string all;
    sqlite_snapshot store{connection, {}};
    auto rows = store.query("SELECT coalesce(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), '') "
                            "FROM sqlite_schema WHERE substr(tbl_name, 1, length(?1) + 1) <> ?1 || '_' "
                            "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY type, name",
                            owner);
    while (rows.next())
        all.append(rows.text(0)).push_back('\n');
    return all;
}

} // namespace

migrator::migrator(connection& writer, std::span<const schema> schemas, logger log)
    : connection_{writer}, log_{std::move(log)} {
    check_embedded(schemas);
    check_record(schemas);
}

void migrator::check_record(std::span<const schema> schemas) {
    auto record = read_record(connection_);
    for (const auto& each : schemas) {
        const auto applied = record.extract(each.owner);
        const record_of_owner none;
        const auto& of_owner = applied ? applied.mapped() : none;
        check_owner(each, of_owner);
        for (const auto& missing : each.migrations.subspan(of_owner.size()))
            pending_.push_back({each.owner, missing});
    }
    for (const auto& [owner, steps] : record)
        log_.info("ignoring the tables of a module that is not part of this program",
                  {{"owner", owner}, {"migrations", steps.size()}});
}

std::vector<pending_migration> migrator::pending() const {
    std::vector<pending_migration> list;
    list.reserve(pending_.size());
    for (const auto& each : pending_)
        list.push_back({each.owner, each.definition.version, std::string{each.definition.name}});
    return list;
}

std::vector<applied_migration> migrator::applied() const {
    std::vector<applied_migration> list;
    for (auto rows = connection_.query("SELECT owner, version, name, applied_at FROM storage_migration ORDER BY applied_at");
         rows.next();)
        list.push_back({std::string{rows.text(0)}, static_cast<int>(rows.integer(1)), std::string{rows.text(2)},
                        timestamp{std::chrono::milliseconds{rows.integer(3)}}});
    return list;
}

std::vector<pending_migration> migrator::apply() {
    auto applied = pending();
    // A table can be rebuilt only while foreign keys are not enforced; they are checked after each migration.
    connection_.execute("PRAGMA foreign_keys = OFF");
    try {
        while (!pending_.empty()) {
            apply(pending_.front());
            log_.info("migration applied", {{"migration", name_of(pending_.front().owner, pending_.front().definition.name)}});
            pending_.erase(pending_.begin());
        }
    } catch (const failure& e) {
        connection_.execute("PRAGMA foreign_keys = ON");
        throw open_error{"the migration " + name_of(pending_.front().owner, pending_.front().definition.name) +
                         " failed: " + e.what() + "; it was rolled back, and the migrations before it were kept"};
    }
    connection_.execute("PRAGMA foreign_keys = ON");
    return applied;
}

void migrator::apply(const step& next_step) {
    connection_.execute("BEGIN IMMEDIATE");
    try {
        const auto others_before = schema_of_others(connection_, next_step.owner);
        run_as_owner(next_step);
        check_result(next_step, others_before);
        record(next_step);
        connection_.execute("COMMIT");
    } catch (...) {
        if (connection_.is_in_transaction())
            sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

/// Runs the statements of a migration as its owner.
void migrator::run_as_owner(const step& next_step) {
    const auto end = next_step.definition.sql.data() + next_step.definition.sql.size();
    for (const char* rest = next_step.definition.sql.data(); rest != end;) {
        connection_.set_identity({next_step.owner, true});
        const char* const begin = rest;
        sqlite3_stmt* prepared = nullptr;
        int code = sqlite3_prepare_v2(connection_.handle(), begin, static_cast<int>(end - begin), &prepared, &rest);
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement{prepared, &sqlite3_finalize};
        if (code == SQLITE_OK && prepared)
            do
                code = sqlite3_step(prepared);
            while (code == SQLITE_ROW);
        if (code != SQLITE_OK && code != SQLITE_DONE)
            connection_.fail(code, next_step.owner, {begin, static_cast<std::size_t>(rest - begin)});
    }
}

/// Checks for problems that the authorizer cannot detect: a table whose new name belongs to another owner, and rows whose
/// foreign keys refer to missing rows.
void migrator::check_result(const step& next_step, const std::string& others_before) {
    connection_.set_identity({});
    if (schema_of_others(connection_, next_step.owner) != others_before)
        throw failure{"it creates or changes something whose name does not begin with " + next_step.owner + "_"};
    if (auto broken = connection_.query("PRAGMA foreign_key_check"); broken.next())
        throw failure{"it leaves rows in " + std::string{broken.text(0)} + " that refer to missing rows of " +
                      std::string{broken.text(2)}};
}

void migrator::record(const step& next_step) {
    connection_.execute("CREATE TABLE IF NOT EXISTS storage_migration ("
                        "owner TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, "
                        "applied_at INTEGER NOT NULL, PRIMARY KEY (owner, version)) STRICT, WITHOUT ROWID");
    sqlite_snapshot store{connection_, {}};
    auto insert =
        store.query("INSERT INTO storage_migration VALUES (?1, ?2, ?3, ?4, ?5)", next_step.owner, next_step.definition.version,
                    next_step.definition.name, sha256(next_step.definition.sql), system_clock{}.now());
    (void)insert.next();
}

} // namespace atrium::storage::sqlite
