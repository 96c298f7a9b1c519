#include "back_up.hpp"
#include "check.hpp"
#include "crash_report.hpp"
#include "demo.hpp"
#include "file_owner.hpp"
#include "registry.hpp"
#include "serve.hpp"
#include "signals.hpp"
#include "token_commands.hpp"
#include "version.hpp"

#include <app/command_line.hpp>
#include <app/settings.hpp>
#include <base/line_writer.hpp>
#include <base/printable.hpp>
#include <storage/sqlite/inspection.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace atrium::app {
namespace {

using storage::sqlite::inspection;
using storage::sqlite::pending_migration;
using storage::sqlite::sqlite_database;

std::string full_name(const pending_migration& m) {
    return m.owner + "/" + m.name;
}

/// Prints a message for the person at the terminal, in plain text even if the log is JSON. Waits at most a second if
/// nothing reads standard error.
void print_error(std::string_view text) {
    auto line = printable_lines(text);
    constexpr std::size_t capacity = 1 << 20; // bytes; much more than any message has
    std::optional<line_writer> out;
    try {
        out.emplace(STDERR_FILENO, capacity, [](std::uint64_t) { return std::string{}; });
    } catch (const std::system_error&) { // the thread of the line_writer cannot be started
        return write_without_waiting(line + '\n');
    }
    out->append(std::move(line));
}

std::string joined_lines(const faults& errors) {
    std::string lines;
    for (const auto& each : errors)
        lines.append(lines.empty() ? "" : "\n").append(each);
    return lines;
}

/// The migrations that have not been applied yet. Does not create a database that does not exist.
std::vector<pending_migration> pending_migrations(const settings& s) {
    if (std::filesystem::exists(s.storage.path))
        return inspection{s.storage.path, all_schemas(), logger{}}.pending();
    storage::sqlite::check_absent(s.storage.path);
    std::vector<pending_migration> all;
    for (const auto& schema : all_schemas())
        for (const auto& migration : schema.migrations)
            all.push_back({schema.owner, migration.version, std::string{migration.name}});
    return all;
}

int migrate(const settings& s, bool dry_run) {
    act_as_owner_of(s.storage.path);
    std::vector<pending_migration> migrations;
    if (dry_run) {
        migrations = pending_migrations(s);
    } else {
        metrics::registry unused_metrics;
        migrations = sqlite_database{s.storage, all_schemas(), unused_metrics, logger{}}.migrate();
    }
    for (const auto& migration : migrations)
        std::cout << (dry_run ? "would apply " : "applied ") << full_name(migration) << '\n';
    if (migrations.empty())
        std::cout << s.storage.path.string() << " is up to date\n";
    return exit_success;
}

int run(const command_line& options, const settings& s) {
    switch (options.command) {
    case command::serve: return serve(s, options.force);
    case command::demo: return demonstrate(s);
    case command::migrate: return migrate(s, options.dry_run);
    case command::check: return check(s);
    case command::backup:
        return back_up({.source = s.storage.path, .target = options.target, .replaces_target = options.force},
                       options.tolerates_absence);
    case command::events: return event_commands::run(options.events, server_url(s, s.http.port), s.http.tls);
    case command::token: return run_token_command(options.token, s);
    case command::version:
    case command::print: break; // need no settings, so they have been run already
    }
    return exit_success;
}

} // namespace

int run(const command_line& options) {
    if (options.command == command::version) {
        std::cout << "atrium " << version() << '\n' << build_info() << '\n';
        return exit_success;
    }
    if (options.command == command::print) {
        std::cout << options.text;
        return exit_success;
    }
    open_missing_streams();
    ignore_signals_of_failed_writes();
    report_crashes();
    if (options.command == command::events && !options.events.server.empty()) // needs no settings
        return event_commands::run(options.events, options.events.server, {});
    try {
        const auto scratch = options.command == command::demo ? std::make_unique<demo_folder>() : nullptr;
        const auto settings = read_settings(scratch ? scratch->isolate(options.sources) : options.sources);
        if (!settings) {
            print_error(joined_lines(settings.error()));
            return exit_failure;
        }
        return run(options, *settings);
    } catch (const std::exception& failure) { // the text of the exception is meant for the person at the terminal
        print_error(std::string{"atrium: "} + failure.what());
        return exit_failure;
    }
}

} // namespace atrium::app
