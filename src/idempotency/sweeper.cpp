#include "sweeper.hpp"

#include "request_table.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace atrium::idempotency {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t max_removed_per_step = 500; ///< max number of keys that one write removes
constexpr auto pause_between_steps = 20ms;         ///< pause between two such writes

/// The time between two sweeps: a tenth of the age, within limits, so that a key is removed soon after it has become too old.
std::chrono::milliseconds interval(std::chrono::milliseconds age) {
    return std::clamp<std::chrono::milliseconds>(age / 10, 100ms, 1min);
}

/// Pauses, so that other writes come first.
awaitable<> rest() {
    steady_timer timer{co_await asio::this_coro::executor, pause_between_steps};
    co_await timer.async_wait(use_awaitable);
}

} // namespace

sweeper::sweeper(shared_state& s, std::chrono::milliseconds age, std::function<steady::time_point()> steady_now)
    : state_{s}, age_{age}, steady_now_{std::move(steady_now)}, run_{steady_now_()}, timer_{thread_.get_executor()} {}

sweeper::~sweeper() {
    stop();
}

void sweeper::start() {
    spawn_logged(thread_.get_executor(), keep_sweeping(), state_.log, "removal of idempotency keys");
    thread_.start("idempotency");
}

void sweeper::stop() {
    thread_.stop([this] {
        is_stopping_ = true;
        timer_.cancel();
    });
}

awaitable<> sweeper::keep_sweeping() {
    while (!is_stopping_) {
        try {
            co_await sweep_once();
        } catch (const std::exception& e) {
            state_.log.error("old idempotency keys could not be removed; this will be tried again", {{"reason", e.what()}});
        }
        if (is_stopping_)
            break;
        timer_.expires_after(interval(age_));
        boost::system::error_code cancelled;
        co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
}

awaitable<> sweeper::sweep_once() {
    if (!time_)
        co_await start_time();
    for (bool has_more = true; has_more && !is_stopping_;) {
        const auto cutoff = cutoff_now();
        const auto oldest = co_await state_.store.read(
            [](storage::snapshot& s) -> result<std::optional<timestamp>> { return table::oldest_time(s); });
        if (!oldest)
            throw storage::outage{oldest.error().detail};
        if (!*oldest || **oldest >= cutoff)
            co_return;
        const auto removed = co_await state_.store.write(
            [&](storage::transaction& t) -> result<std::int64_t> {
                const auto count = table::remove_older(t, cutoff, max_removed_per_step);
                state_.key_count.set(static_cast<double>(table::count_requests(t)));
                return count;
            },
            storage::write_priority::internal);
        if (!removed)
            throw storage::outage{removed.error().detail};
        has_more = *removed == max_removed_per_step;
        if (has_more)
            co_await rest();
    }
}

awaitable<> sweeper::start_time() {
    const auto newest = co_await state_.store.read([&](storage::snapshot& s) -> result<std::optional<timestamp>> {
        state_.key_count.set(static_cast<double>(table::count_requests(s)));
        return table::newest_time(s);
    });
    if (!newest)
        throw storage::outage{newest.error().detail};
    const auto now = state_.time.now();
    time_.emplace(std::min(now, newest->value_or(now)), steady_now_());
}

timestamp sweeper::cutoff_now() {
    const auto now = state_.time.now();
    const auto steady_now = steady_now_();
    return run_.limit(time_->read(now, steady_now) - age_, age_, now, steady_now);
}

} // namespace atrium::idempotency
