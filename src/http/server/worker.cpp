#include "server/worker.hpp"

#include "framing/renderer.hpp"

#include <base/ids.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <pthread.h>

#include <charconv>
#include <random>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto tick_interval = 100ms;
constexpr auto pause_without_descriptors = 100ms;
constexpr auto pause_at_limit = 50ms;  // a slot may come free in another worker
constexpr int max_closed_at_once = 64; // for want of memory; each is looked for among all connections
constexpr auto between_reports = 10s;

/// Twelve random hexadecimal digits: no two workers, nor two runs of the server, have the same.
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
    : shared_{shared}, number_{number}, measure_{shared.metrics}, memory_{*shared.memory},
      environment_{.settings = shared.settings, .log = shared.log, .metrics = live_metrics{shared.metrics}, .memory = memory_},
      open_connections_{shared.metrics.gauge("atrium_http_connections", "Open connections")},
      closed_for_memory_{shared.metrics.counter("atrium_http_memory_closed_total",
                                                "Connections closed because memory was short and they made no progress")},
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
        shared_.connections.listener_closed(); // else the stop would wait for it
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
    ended_.set_value();
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
    if (ended_.get_future().wait_until(deadline) != std::future_status::ready) {
        shared_.log.warning("a worker was stopped with work left", {{"worker", number_}});
        context_.stop();
    }
    thread_.join();
}

awaitable<> worker::accept_all() {
    while (!is_draining()) {
        boost::system::error_code failure;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(use_awaitable, failure));
        if (is_draining())
            break;
        if (failure == asio::error::connection_aborted)
            continue; // the client left the queue
        if (failure) {
            report(failure);
            co_await pause(pause_without_descriptors);
            continue;
        }
        const bool has_slot = co_await wait_for_slot();
        if (has_slot)
            adopt(std::move(socket));
    }
    shared_.connections.listener_closed();
}

/// Until then the accepted connection waits unread, and the others in the listen queue. False when the server drains.
awaitable<bool> worker::wait_for_slot() {
    while (!is_draining()) {
        if (shared_.connections.try_open())
            co_return true;
        co_await pause(pause_at_limit);
    }
    co_return false;
}

awaitable<> worker::pause(std::chrono::milliseconds time) {
    boost::system::error_code cancelled;
    pause_.expires_after(time);
    co_await pause_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

void worker::report(const boost::system::error_code& failure) {
    shared_.metrics.counter("atrium_http_accept_failures_total", "Failed attempts to accept a connection").increment();
    const auto now = steady_clock::now();
    if (last_report_ != steady_clock::time_point{} && now - last_report_ < between_reports)
        return;
    last_report_ = now;
    shared_.log.warning("cannot accept connections, will try again", {{"reason", failure.message()}});
}

/// Whatever happens to one connection, the others go on being accepted.
void worker::adopt(tcp_socket socket) noexcept try {
    std::unique_ptr<connection> made;
    try {
        made = std::make_unique<connection>(*this, std::move(socket));
    } catch (...) {
        shared_.connections.close(); // the slot; a connection that was made gives it back itself
        throw;
    }
    auto& c = *made;
    auto serving = c.serve();
    auto ended = [this, owner = std::move(made)](std::exception_ptr failure) mutable {
        owner.reset();
        pause_.cancel(); // there may be one who waits for the slot
        if (failure)
            shared_.log.error("a connection failed", {{"reason", reason_of(failure)}});
    };
    asio::co_spawn(context_.get_executor(), std::move(serving), asio::bind_cancellation_slot(c.slot(), std::move(ended)));
} catch (const std::exception& e) {
    shared_.log.error("a connection failed", {{"reason", e.what()}});
}

void worker::add(connection& c) {
    if (!ticking_) {
        refresh_date();
        arm_tick();
    }
    c.place = connections_.size();
    connections_.push_back(&c); // last of what may fail: a connection that is not made must not be listed
    open_connections_.add(1);
}

void worker::forget(connection& c) noexcept {
    connections_.back()->place = c.place;
    std::swap(connections_[c.place], connections_.back());
    connections_.pop_back();
    open_connections_.add(-1);
    shared_.connections.close();
}

void worker::arm_tick() {
    tick_.expires_after(tick_interval);
    tick_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled)
            tick();
    });
    ticking_ = true;
}

/// One look at every connection, instead of a timer for each. A check may end connections, at least this one: from the back,
/// as `forget` fills the gap with the last one.
void worker::tick() {
    refresh_date();
    const auto now = steady_clock::now();
    for (auto i = connections_.size(); i-- > 0;)
        if (i < connections_.size())
            connections_[i]->check(now);
    relieve_memory(now);
    ticking_ = !connections_.empty();
    if (ticking_)
        arm_tick();
    else
        shared_.relief.report(number_, 0); // nothing here keeps other workers from closing theirs
}

/// While memory is short: closes stalled connections, the largest first, until a portion is free.
void worker::relieve_memory(steady_clock::time_point now) {
    if (!shared_.relief.is_short(seen_refusals_)) [[likely]]
        return;
    std::size_t freed = 0;
    for (int closed = 0; closed < max_closed_at_once && freed < shared_.relief.portion(); ++closed) {
        const auto [largest, bytes] = find_largest_stalled(now);
        shared_.relief.report(number_, bytes);
        if (bytes < memory_relief::min_holding || !shared_.relief.is_largest(bytes))
            return;
        freed += bytes;
        closed_for_memory_.increment();
        largest->close_stalled();
    }
}

/// Null and 0 if there is none.
std::pair<connection*, std::size_t> worker::find_largest_stalled(steady_clock::time_point now) const {
    std::pair<connection*, std::size_t> largest{nullptr, 0};
    for (auto* each : connections_)
        if (const auto bytes = each->stalled(now); bytes > largest.second)
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
