#include "check.hpp"

#include "registry.hpp"

#include <app/command_line.hpp>
#include <base/clock.hpp>
#include <base/printable.hpp>
#include <events/journal_check.hpp>
#include <http/certificate.hpp>
#include <storage/sqlite/inspection.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>

namespace atrium::app {
namespace {

using storage::sqlite::inspection;

/// Reads the files of TLS and prints their errors. Returns whether they can be used.
bool check_tls(const http::tls_settings& tls) try {
    http::check_authorities(tls);
    if (!tls.is_on())
        return true;
    const auto validity = http::check_certificate(tls);
    const auto now = system_clock{}.now();
    const bool is_valid = validity.from <= now && now < validity.until;
    std::cout << "tls.certificate: " << printable_lines(tls.certificate) << (is_valid ? " is valid" : " is not valid now, but")
              << " from " << to_rfc3339(validity.from) << " to " << to_rfc3339(validity.until) << '\n';
    return is_valid;
} catch (const http::certificate_error& failure) {
    std::cout << printable_lines(failure.what()) << '\n';
    return false;
}

/// Prints the migrations that are not applied. Returns whether there are none.
bool check_migrations(const inspection& database, const std::string& path) {
    const auto pending = database.pending();
    for (const auto& migration : pending)
        std::cout << path << ": " << migration.owner << '/' << migration.name
                  << " is pending; `atrium serve` or `atrium migrate` applies it\n";
    if (pending.empty())
        std::cout << path << ": migrations are up to date\n";
    return pending.empty();
}

/// Compares the entities of the modules with the tables of an up-to-date database, and prints the differences. Returns whether
/// there are none.
bool check_tables(const inspection& database, const std::string& path) {
    bool tables_fit = true;
    for (const auto& module : registered_modules())
        for (const auto& misfit : host::find_table_misfits(module.description, database)) {
            std::cout << path << ": tables: " << misfit << '\n';
            tables_fit = false;
        }
    if (tables_fit)
        std::cout << path << ": tables match the modules\n";
    return tables_fit;
}

/// Prints the findings of SQLite's integrity check. Returns whether there are none.
bool check_integrity(inspection& database, const std::string& path) {
    const auto findings = database.check_integrity();
    for (const auto& finding : findings)
        std::cout << path << ": integrity: " << printable_lines(finding) << '\n';
    if (findings.empty())
        std::cout << path << ": integrity check passed\n";
    else
        std::cout << path << ": integrity: the file is damaged: stop the server and restore a backup (docs/operations.md)\n";
    return findings.empty();
}

/// Prints the rows that violate an invariant, and what to do. Returns whether there are none.
bool check_invariant(inspection& database, const events::journal_invariant& invariant, const std::string& path) {
    constexpr std::size_t max_shown = 10;
    const auto found = database.read_column(invariant.query);
    if (found.empty())
        return true;
    const auto begin = path + ": journal: " + std::string{invariant.name} + ": ";
    for (std::size_t i = 0; i < std::min(found.size(), max_shown); ++i)
        std::cout << begin << printable_lines(found[i]) << '\n';
    if (found.size() > max_shown)
        std::cout << begin << "and " << found.size() - max_shown << " more\n";
    std::cout << begin << invariant.meaning << "; ";
    if (invariant.repair.empty())
        std::cout << invariant.advice << '\n';
    else
        std::cout << "stop the server, make a backup, run the following and check again:\n"
                  << "sqlite3 \"" << path << "\" \"" << invariant.repair << "\"\n";
    return false;
}

/// Checks the journal of an up-to-date and undamaged database. Returns whether all invariants hold.
bool check_journal(inspection& database, const std::string& path) {
    bool holds = true;
    for (const auto& invariant : events::journal_invariants())
        holds = check_invariant(database, invariant, path) && holds;
    if (holds)
        std::cout << path << ": the journal is consistent\n";
    return holds;
}

/// Prints why the server would not start with these settings although each of them is valid. Returns whether it would start.
bool check_exposure(const settings& s) {
    const auto exposure = find_network_exposure(s);
    if (exposure)
        std::cout << "listening: " << *exposure << '\n';
    const auto exposed_token = find_exposed_token(s);
    if (exposed_token)
        std::cout << "token: " << printable_lines(*exposed_token) << '\n';
    return !exposure && !exposed_token;
}

} // namespace

int check(const settings& s) {
    std::cout << "configuration: valid\n";
    const bool is_safe = check_exposure(s);
    const bool may_start = check_tls(s.http.tls) && is_safe;
    const auto path = s.storage.path.string();
    if (!std::filesystem::exists(s.storage.path)) {
        storage::sqlite::check_absent(s.storage.path);
        std::cout << path << ": does not exist yet; `atrium serve` or `atrium migrate` creates it\n";
        return may_start ? exit_success : exit_failure;
    }
    inspection database{s.storage.path, all_schemas(), logger{}};
    const bool is_current = check_migrations(database, path);
    bool passed = !is_current || check_tables(database, path);
    const bool is_intact = check_integrity(database, path);
    if (is_current && is_intact)
        passed = check_journal(database, path) && passed;
    return passed && is_intact && may_start ? exit_success : exit_failure;
}

} // namespace atrium::app
