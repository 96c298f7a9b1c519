#include "back_up.hpp"
#include "check.hpp"
#include "crash_report.hpp"
#include "file_owner.hpp"
#include "first_link.hpp"
#include "heap.hpp"
#include "registry.hpp"
#include "service_manager.hpp"
#include "signals.hpp"
#include "stop_limit.hpp"
#include "token_commands.hpp"
#include "verdict.hpp"
#include "version.hpp"
#include "watchdog_reports.hpp"

#include <app/command_line.hpp>
#include <app/server.hpp>
#include <app/settings.hpp>
#include <base/line_writer.hpp>
#include <base/printable.hpp>
#include <base/text.hpp>
#include <storage/sqlite/inspection.hpp>

#include <boost/asio/ip/address.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
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

/// Prints a message for the person at the terminal, in plain text even if the log is JSON. Waits at most a second for a reader
/// that does not read.
void print_error(std::string_view text) {
    auto line = printable_lines(text);
    std::optional<line_writer> out;
    try {
        out.emplace(STDERR_FILENO, 1 << 20, [](std::uint64_t) { return std::string{}; });
    } catch (const std::system_error&) { // no thread can be started
        return write_without_waiting(line + '\n');
    }
    out->append(std::move(line));
}

/// Raises the limit of open files to the maximum that the system allows: each connection is an open file, and shells commonly
/// set the limit to 1,024.
void raise_file_limit(const logger& log) {
    constexpr rlim_t min_open_files = 64; // a server with one thread needs about 25 for itself, and 5 for each further thread
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit); // if this fails, the old limit stays
    }
    if (limit.rlim_max < min_open_files)
        log.warning("the system allows few open files: the start may fail, or connections may have to wait (ulimit -n)",
                    {{"limit", limit.rlim_max}});
}

/// How long an ordered stop takes at most, with a second for what no limit covers.
std::chrono::milliseconds max_stop_time(const shutdown_settings& s) {
    return s.delay + s.deadline + server::max_closing_time + server::max_ending_time + std::chrono::seconds{1};
}

/// Stops the server in order. `limit` ends the process by force if a call does not return.
void stop(server& running_server, stop_limit& limit, std::chrono::steady_clock::time_point deadline) {
    limit.begin(deadline + server::max_closing_time);
    running_server.stop([&] { limit.begin(std::chrono::steady_clock::now() + server::max_ending_time); });
}

/// Ends the process when the database is unusable. Waiting clients get a response first.
int end_without_database(server& running_server, stop_limit& limit, const settings& s, const logger& log) {
    const auto now = std::chrono::steady_clock::now();
    const auto max_wait = std::chrono::seconds{1};
    limit.begin(now + max_wait + server::max_closing_time);
    running_server.drain(now + max_wait);
    if (!running_server.has_lost_database()) {
        // Like a crash: nothing more is written, and the next start reads what is on disk.
        log.error("ended because the disk failed in the middle of a commit; start again when it works");
        log.flush(std::chrono::seconds{2});
        std::_Exit(exit_failure);
    }
    stop(running_server, limit, std::chrono::steady_clock::now() + s.shutdown.deadline);
    log.error("ended because the database is out of reach; put it back and start again");
    return exit_failure;
}

/// The URL at which a server with these settings can be reached from this machine.
std::string server_url(const settings& s, std::uint16_t port) {
    const auto configured = boost::asio::ip::make_address(s.http.address);
    const std::string_view loopback = configured.is_v6() ? "::1" : "127.0.0.1";
    return (s.http.tls.is_on() ? "https://" : "http://") +
           authority(configured.is_unspecified() ? loopback : std::string_view{s.http.address}, port);
}

void report_ready(const service_manager& manager, const server& running_server) {
    manager.report_ready("listening on port " + std::to_string(running_server.port()));
}

/// Reads again what can change while the server runs.
void reload(server& running_server, const service_manager& manager) {
    manager.report_reloading();
    running_server.reload();
    report_ready(manager, running_server);
}

int serve(settings s, bool force) {
    if (const auto door = find_open_door(s)) {
        print_error(*door);
        return exit_failure;
    }
    s.events.force_adapter = force;
    configure_heap();
    const logger log{s.log, "app"};
    raise_file_limit(log);
    shutdown_signal shutdown;
    verdict outcome{shutdown};
    stop_limit limit{log, [&outcome] { return outcome.exit_status(); }};

    const service_manager manager{log};

    server running_server{s, log};
    const verdict::observation observation{outcome, running_server};
    running_server.start([&] { shutdown.report_broken_database(); });
    running_server.visit_workers(use_crash_stack);
    report_ready(manager, running_server);
    watchdog_reports reports{manager, running_server};
    const auto link = running_server.first_link();
    const auto link_url = link ? server_url(s, running_server.port()) + *link : std::string{};
    const auto link_file = link ? show_first_link(link_url, s.storage.path.parent_path(), log) : nullptr;

    const auto [signal] = shutdown.wait([&] { reload(running_server, manager); });
    reports.stop();
    manager.report_stopping(max_stop_time(s.shutdown));
    if (signal == 0) {
        shutdown.exit_at_next_signal();
        return end_without_database(running_server, limit, s, log);
    }
    log.info("stopping", {{"signal", name_of_signal(signal)},
                          {"delay_ms", s.shutdown.delay.count()},
                          {"deadline_ms", s.shutdown.deadline.count()}});
    running_server.begin_shutdown();
    shutdown.wait_for_delay(s.shutdown.delay);
    shutdown.exit_at_next_signal();
    stop(running_server, limit, std::chrono::steady_clock::now() + s.shutdown.deadline);
    log.info("stopped");
    return outcome.exit_status();
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
    case command::migrate: return migrate(s, options.dry_run);
    case command::check: return check(s);
    case command::backup:
        return back_up({.source = s.storage.path, .target = options.target, .replaces_target = options.force},
                       options.tolerates_absence);
    case command::events: return event_commands::run(options.events, server_url(s, s.http.port), s.http.tls);
    case command::token: return run_token_command(options.token, s);
    case command::version:
    case command::print: break; // need no settings
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
    const auto settings = read_settings(options.sources);
    if (!settings) {
        std::string lines;
        for (const auto& fault : settings.error())
            lines.append(lines.empty() ? "" : "\n").append(fault);
        print_error(lines);
        return exit_failure;
    }
    try {
        return run(options, *settings);
    } catch (const std::exception& failure) { // its text is meant for the person at the terminal
        print_error(std::string{"atrium: "} + failure.what());
        return exit_failure;
    }
}

} // namespace atrium::app
