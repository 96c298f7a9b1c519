#include "serve.hpp"

#include "crash_report.hpp"
#include "first_link.hpp"
#include "heap.hpp"
#include "process_outcome.hpp"
#include "service_manager.hpp"
#include "signals.hpp"
#include "stop_limit.hpp"
#include "watchdog_reports.hpp"

#include <app/command_line.hpp>
#include <app/server.hpp>
#include <base/text.hpp>
#include <http/check_address.hpp>

#include <boost/asio/ip/address.hpp>

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace atrium::app {
namespace {

/// Raises the limit of open files to the maximum that the system allows: each connection is an open file, and shells commonly
/// set the limit to 1,024.
void raise_file_limit(const logger& log) {
    constexpr rlim_t min_open_files = 64; // a server with one worker needs about 25 files, and 5 more for each further worker
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

/// The maximum duration of an orderly stop, including a second for steps that have no limit of their own.
std::chrono::milliseconds max_stop_time(const shutdown_settings& s) {
    return s.delay + s.deadline + server::max_closing_time + server::max_ending_time + std::chrono::seconds{1};
}

/// Stops the server in an orderly way. `limit` ends the process by force if a call does not return.
void stop(server& running_server, stop_limit& limit, std::chrono::steady_clock::time_point deadline) {
    limit.begin(deadline + server::max_closing_time);
    running_server.stop([&] { limit.begin(std::chrono::steady_clock::now() + server::max_ending_time); });
}

/// Called when the database is unusable. Lets waiting clients get a response. If the disk failed, then ends the process without
/// returning. If the files of the database are missing, stops the server and returns the exit status.
int end_without_database(server& running_server, stop_limit& limit, const settings& s, const logger& log) {
    const auto now = std::chrono::steady_clock::now();
    const auto max_wait = std::chrono::seconds{1};
    limit.begin(now + max_wait + server::max_closing_time);
    running_server.drain(now + max_wait);
    if (!running_server.has_lost_database()) {
        // The process ends as in a crash: it writes nothing more, and the next start reads what is on disk.
        log.error("ended because the disk failed in the middle of a commit; start the server again when the disk works");
        log.flush(std::chrono::seconds{2});
        std::_Exit(exit_failure);
    }
    stop(running_server, limit, std::chrono::steady_clock::now() + s.shutdown.deadline);
    log.error("ended because the files of the database were moved or removed; put them back and start the server again");
    return exit_failure;
}

/// Prints the addresses of pages, for people who start the server at a terminal.
void show_pages(const settings& s, const server& running_server, const logger& log) {
    const auto url = server_url(s, running_server.port());
    if (running_server.has_route("/console/"))
        log.info("the console for browsers is at " + url + "/");
    if (running_server.has_route("/docs"))
        log.info("the reference of the API is at " + url + "/docs");
}

void report_ready(const service_manager& manager, const server& running_server) {
    manager.report_ready("listening on port " + std::to_string(running_server.port()));
}

/// Makes the server read its TLS certificate and key again, and reports the beginning and the end of this to the service
/// manager.
void reload(server& running_server, const service_manager& manager) {
    manager.report_reloading();
    running_server.reload();
    report_ready(manager, running_server);
}

} // namespace

std::string server_url(const settings& s, std::uint16_t port) {
    const auto configured = boost::asio::ip::make_address(s.http.address);
    const std::string_view loopback = configured.is_v6() ? "::1" : "127.0.0.1";
    return (s.http.tls.is_on() ? "https://" : "http://") +
           authority(configured.is_unspecified() ? loopback : std::string_view{s.http.address}, port);
}

int serve(settings s, bool force, const server_additions& additions) {
    if (const auto exposure = find_network_exposure(s))
        throw std::runtime_error{*exposure};
    if (const auto token = find_exposed_token(s))
        throw std::runtime_error{*token};
    s.events.force_adapter = force;
    configure_heap();
    const logger log{s.log, "app"};
    raise_file_limit(log);
    shutdown_signal shutdown;
    process_outcome outcome{shutdown};
    stop_limit limit{log, [&outcome] { return outcome.exit_status(); }};

    const service_manager manager{log};

    // The address is checked first, because a server that cannot listen must neither create nor change the database.
    http::check_address(s.http);
    server running_server{s, log, additions.subscriptions};
    const process_outcome::observation observation{outcome, running_server};
    running_server.start([&] { shutdown.report_broken_database(); });
    show_pages(s, running_server, log);
    running_server.visit_workers(use_crash_stack);
    report_ready(manager, running_server);
    watchdog_reports reports{manager, running_server};
    const auto link = running_server.first_link();
    const auto link_url = link ? server_url(s, running_server.port()) + *link : std::string{};
    const auto link_file = link ? show_first_link(link_url, s.storage.path.parent_path(), log) : nullptr;

    auto addition = additions.begin ? additions.begin(running_server.port(), log) : nullptr;
    const auto [signal] = shutdown.wait([&] { reload(running_server, manager); });
    addition.reset();
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

} // namespace atrium::app
