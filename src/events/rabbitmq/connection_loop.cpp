#include "connection_loop.hpp"

#include <poll.h>
#include <pthread.h>

#include <random>
#include <utility>

namespace atrium::events::rabbitmq {

using namespace std::chrono_literals;

double random_fraction() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<>{0, 1}(generator);
}

connection_loop::connection_loop(connection_settings settings, user& u, const environment& e)
    : settings_{std::move(settings)}, user_{u}, environment_{e},
      log_{e.log.with({{"broker", settings_.url.without_password()}, {"connection", settings_.name}})},
      connected_metric_{e.metrics.gauge("atrium_rabbitmq_connected", "Whether the connection is established (1)",
                                        {{"connection", settings_.name}})},
      reconnects_metric_{e.metrics.counter("atrium_rabbitmq_reconnects_total", "Connections made after the first one",
                                           {{"connection", settings_.name}})} {}

connection_loop::~connection_loop() {
    stop(steady::now());
}

void connection_loop::start() {
    thread_ = std::thread{[this] { run(); }};
}

void connection_loop::begin_stop(steady::time_point deadline) {
    {
        const std::lock_guard lock{serving_mutex_};
        deadline_ = deadline;
        stopping_ = true;
        watchdog_.end_by(serving_ ? deadline : steady::now());
    }
    wake_.notify();
}

void connection_loop::stop(steady::time_point deadline) {
    if (!thread_.joinable())
        return;
    begin_stop(deadline);
    thread_.join();
}

connection_status connection_loop::status() const {
    const std::lock_guard lock{mutex_};
    return status_;
}

void connection_loop::run() {
    pthread_setname_np(pthread_self(), "rabbitmq");
    while (!stopping_) {
        auto wait = 0ms;
        try {
            work();
        } catch (const broker_error& e) {
            wait = note_failure(e);
        } catch (const std::exception& e) {
            wait = note_failure(
                {e.what(), "report this as a bug in Atrium, with the preceding log lines", broker_error::remedy::time});
        }
        set_serving(false);
        user_.on_disconnected();
        working_since_.reset();
        connected_metric_.set(0);
        {
            const std::lock_guard lock{mutex_};
            status_.connected_since.reset();
        }
        pause(wait);
    }
}

void connection_loop::work() {
    broker_connection c{settings_, wake_, watchdog_};
    user_.on_connected(c);
    note_connected();
    set_serving(true);
    user_.serve(c);
    c.close();
}

/// A stop before `set_serving(true)` ends every wait immediately. A stop after that call lets the user finish until the
/// deadline.
void connection_loop::set_serving(bool serving) {
    const std::lock_guard lock{serving_mutex_};
    serving_ = serving;
}

void connection_loop::note_connected() {
    working_since_ = steady::now();
    connected_metric_.set(1);
    const bool again = std::exchange(connected_before_, true);
    if (again)
        reconnects_metric_.increment();
    log_.info("connected to the broker", {{"failures_before", reconnect_.failures()}});
    logged_failure_.clear();
    failure_log_.reset();

    const std::lock_guard lock{mutex_};
    status_.reconnects += again ? 1 : 0;
    status_.connected_since = environment_.time.now();
}

std::chrono::milliseconds connection_loop::note_failure(const broker_error& e) {
    const auto lasted = working_since_ ? std::chrono::floor<std::chrono::milliseconds>(steady::now() - *working_since_) : 0ms;
    const auto wait = reconnect_.pause_after(lasted, e.needs_manual_fix(), random_fraction());
    {
        const std::lock_guard lock{mutex_};
        status_.last_error = std::string{e.what()} + "; " + e.advice();
    }
    if (stopping_)
        return 0ms;
    const std::vector<log_field> fields{
        {"reason", e.what()}, {"what_to_do", e.advice()}, {"failures", reconnect_.failures()}, {"next_try_ms", wait.count()}};
    const bool is_new = std::exchange(logged_failure_, e.what()) != e.what();
    if (working_since_)
        log_.warning("the connection to the broker is lost; events wait in the journal", fields);
    else if (failure_log_.pass() || is_new)
        log_.warning("the broker cannot be used; events wait in the journal", fields);
    return wait;
}

void connection_loop::pause(std::chrono::milliseconds duration) const {
    const auto end = steady::now() + duration;
    for (auto now = steady::now(); now < end && !stopping_; now = steady::now()) {
        pollfd source{.fd = wake_.descriptor(), .events = POLLIN, .revents = 0};
        ::poll(&source, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(end - now).count()));
        wake_.clear(); // new work does not end the pause, because it has to wait for the connection anyway
    }
}

} // namespace atrium::events::rabbitmq
