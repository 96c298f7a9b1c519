#include "server/worker.hpp"

#include "framing/renderer.hpp"

#include <base/ids.hpp>

#include <boost/asio/post.hpp>

#include <pthread.h>

#include <charconv>
#include <random>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto tick_interval = 100ms;
constexpr int max_closed_at_once =
    64; // connections that one tick may close while memory is short; to find each one, all connections are searched

/// Twelve random hexadecimal digits, which differ between workers and between runs of the server.
std::string random_prefix() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::random_device source;
    std::string text;
    for (int i = 0; i < 12; ++i)
        text.push_back(digits[source() % digits.size()]);
    return text + "-";
}

} // namespace

worker::worker(http::shared& shared, unsigned number, const tcp::endpoint& endpoint)
    : shared_{shared}, number_{number}, request_metrics_{shared.metrics}, memory_{*shared.memory},
      environment_{.settings = shared.settings, .log = shared.log, .metrics = live_metrics{shared.metrics}, .memory = memory_},
      open_connections_{shared.metrics.gauge("atrium_http_connections", "Open connections")},
      closed_for_memory_{shared.metrics.counter("atrium_http_memory_closed_total",
                                                "Connections closed because memory was short and they made no progress")},
      evicted_{shared.metrics.counter("atrium_http_evicted_total", "Connections closed to make room for others")},
      accept_failures_{shared.metrics.counter("atrium_http_accept_failures_total", "Failed attempts to accept a connection")},
      id_prefix_{random_prefix()}, acceptor_{listen_on(context_, endpoint)} {}

worker::~worker() {
    finish(steady_clock::now());
}

void worker::start() {
    shared_.connections.listener_opened();
    try {
        spawn_logged(context_.get_executor(), accept_all(), shared_.log, "accept connections");
        thread_ = std::thread{[this] { run(); }};
    } catch (...) {
        shared_.connections.listener_closed(); // otherwise `server::drain` would wait for this listener
        throw;
    }
}

void worker::run() {
    pthread_setname_np(pthread_self(), ("http " + std::to_string(number_)).c_str());
    for (bool ended = false; !ended;) {
        try {
            context_.run();
            ended = true;
        } catch (...) {
            shared_.log.error("an exception reached the worker",
                              {{"worker", number_}, {"reason", reason_of(std::current_exception())}});
        }
    }
    run_ended_.set_value();
}

void worker::visit(std::function<void(executor)> function) {
    asio::post(context_, [this, function = std::move(function)] { function(context_.get_executor()); });
}

void worker::drain() {
    asio::post(context_, [this] {
        environment_.is_draining = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        for (auto i = connections_.size(); i-- > 0;)
            if (i < connections_.size())
                connections_[i]->drain();
    });
}

void worker::cut() {
    asio::post(context_, [this] {
        for (auto i = connections_.size(); i-- > 0;)
            if (i < connections_.size())
                connections_[i]->cut();
    });
}

void worker::finish(steady_clock::time_point deadline) {
    if (!thread_.joinable())
        return;
    drain();
    cut();
    asio::post(context_, [this] { work_.reset(); });
    if (run_ended_.get_future().wait_until(deadline) != std::future_status::ready) {
        shared_.log.warning("a worker was stopped before its work had ended", {{"worker", number_}});
        context_.stop();
    }
    thread_.join();
}

void worker::add(connection& c) {
    if (!is_ticking_) {
        refresh_date();
        to_evict_.renew();
        arm_tick();
    }
    c.place = connections_.size();
    c.serial = ++last_serial_;
    connections_.push_back(
        &c); // must be the last step that may throw, because a connection whose constructor fails must not be in the list
    open_connections_.add(1);
}

void worker::forget(connection& c) noexcept {
    connections_.back()->place = c.place;
    std::swap(connections_[c.place], connections_.back());
    connections_.pop_back();
    open_connections_.add(-1);
}

void worker::arm_tick() {
    tick_.expires_after(tick_interval);
    tick_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled)
            tick();
    });
    is_ticking_ = true;
}

/// Checks every connection, so that connections need no timers. A check may end the checked connection and others. The loop
/// runs backwards, because `forget` fills the gap with the last connection, which has then been checked already.
void worker::tick() {
    refresh_date();
    to_evict_.renew();
    const auto now = steady_clock::now();
    for (auto i = connections_.size(); i-- > 0;)
        if (i < connections_.size())
            connections_[i]->check(now);
    relieve_memory(now);
    if (shared_.identity)
        shared_.identity->rotate_ticket_keys();
    is_ticking_ = !connections_.empty();
    if (is_ticking_)
        arm_tick();
    else
        shared_.relief.report(number_,
                              0); // otherwise the old report of this worker would prevent others from closing their connections
}

/// While memory is short, closes stalled connections, the largest first, until a portion (`memory_relief::portion`) is free.
void worker::relieve_memory(steady_clock::time_point now) {
    if (!shared_.relief.is_short(seen_refusals_)) [[likely]]
        return;
    std::size_t freed = 0;
    for (int closed = 0; closed < max_closed_at_once && freed < shared_.relief.portion(); ++closed) {
        const auto [largest, bytes] = find_largest_stalled(now);
        shared_.relief.report(number_, bytes);
        if (bytes < memory_relief::min_bytes || !shared_.relief.is_largest(bytes))
            return;
        freed += bytes;
        closed_for_memory_.increment();
        largest->close_stalled();
    }
}

/// Returns null and 0 if no connection is stalled.
std::pair<connection*, std::size_t> worker::find_largest_stalled(steady_clock::time_point now) const {
    std::pair<connection*, std::size_t> largest{nullptr, 0};
    for (auto* each : connections_)
        if (const auto bytes = each->stalled_bytes(now); bytes > largest.second)
            largest = {each, bytes};
    return largest;
}

void worker::refresh_date() {
    date_ = date_line(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

void worker::next_request_id(std::string& id) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++last_id_, 16).ptr;
    id.assign(id_prefix_).append(digits.data(), end);
}

} // namespace atrium::http
