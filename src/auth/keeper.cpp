#include "keeper.hpp"

#include "credential_tables.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <vector>

namespace atrium::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto tidy_interval = 1min;
/// The maximum number of rows that one statement removes, or that one write updates with the times at which tokens were used. A
/// write therefore occupies the writer only briefly.
constexpr std::int64_t max_changes = 500;

/// The value of a result, or its error as an exception.
template <class T>
T value_or_throw(result<T> r) {
    if (!r)
        throw storage::outage{r.error().detail};
    if constexpr (!std::is_void_v<T>)
        return *std::move(r);
}

} // namespace

keeper::keeper(parts p)
    : parts_{std::move(p)}, credentials_timer_{thread_.get_executor()}, tidy_timer_{thread_.get_executor()},
      keys_timer_{thread_.get_executor()}, last_tidy_{parts_.steady_now()}, run_bound_{last_tidy_} {
    if (parts_.keys)
        parts_.keys->set_wake([this] { asio::post(thread_.get_executor(), [this] { keys_timer_.cancel(); }); });
}

keeper::~keeper() {
    stop();
}

void keeper::start() {
    thread_.run_before_start(reload_tokens());
    thread_.run_before_start(load_sessions());
    show_counts();
    spawn_logged(thread_.get_executor(), keep_credentials(), parts_.log, "upkeep of credentials");
    spawn_logged(thread_.get_executor(), keep_tidy(), parts_.log, "removal of old credentials");
    if (parts_.keys)
        asio::co_spawn(thread_.get_executor(), keep_keys(),
                       asio::bind_cancellation_slot(keys_cancellation_.slot(), asio::detached));
    thread_.start("auth");
}

void keeper::stop() {
    thread_.stop([this] {
        is_stopping_ = true;
        credentials_timer_.cancel();
        tidy_timer_.cancel();
        keys_cancellation_.emit(asio::cancellation_type::terminal);
    });
}

awaitable<> keeper::pause(steady_timer& timer) {
    timer.expires_after(interval);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

awaitable<> keeper::keep_credentials() {
    bool has_failed = false;
    while (!is_stopping_) {
        try {
            co_await reload_tokens();
            has_failed = false;
        } catch (const std::exception& e) {
            if (!std::exchange(has_failed, true))
                parts_.log.error("credentials could not be brought up to date; this will be tried again",
                                 {{"reason", e.what()}});
        }
        if (!is_stopping_)
            co_await pause(credentials_timer_);
    }
}

/// A separate coroutine, because a call to the issuer may take seconds, and `keep_credentials` must apply revocations in the
/// meantime.
awaitable<> keeper::keep_keys() {
    bool has_failed = false;
    while (!is_stopping_) {
        try {
            co_await parts_.keys->refresh_if_due();
            has_failed = false;
        } catch (const std::exception& e) {
            if (!is_stopping_ && !std::exchange(has_failed, true))
                parts_.log.error("the keys of the issuer cannot be kept up to date", {{"reason", e.what()}});
        }
        if (!is_stopping_)
            co_await pause(keys_timer_);
    }
    parts_.keys->stop();
}

/// A separate coroutine, because its writes may have to wait, and `keep_credentials` must apply revocations in the meantime.
awaitable<> keeper::keep_tidy() {
    bool has_failed = false;
    while (!is_stopping_) {
        try {
            if (const auto now = parts_.steady_now(); now - last_tidy_ >= tidy_interval) {
                last_tidy_ = now;
                co_await tidy();
                has_failed = false;
            }
        } catch (const std::exception& e) {
            if (!std::exchange(has_failed, true))
                parts_.log.error("old credentials could not be removed; this will be tried again", {{"reason", e.what()}});
        }
        if (!is_stopping_)
            co_await pause(tidy_timer_);
    }
}

awaitable<> keeper::reload_tokens() {
    struct state {
        std::int64_t number = 0;
        std::vector<table::stored_token> tokens = {};
    };
    const auto known = parts_.live.change_number();
    auto read = value_or_throw(co_await parts_.store.read([&](storage::snapshot& s) -> result<state> {
        state now{.number = table::read_change_number(s)};
        if (now.number > known)
            now.tokens = table::read_tokens(s);
        return now;
    }));
    if (read.number <= known)
        co_return;
    const auto changes = parts_.live.replace_tokens(std::move(read.tokens), read.number, parts_.time.now());
    for (const auto& each : changes.created)
        parts_.trail.record_token_creation(each);
    for (const auto& each : changes.revoked)
        parts_.trail.record_token_revocation(each);
    show_counts();
}

void keeper::show_counts() {
    parts_.trail.show_counts(parts_.live.token_count(parts_.time.now()), parts_.live.session_count());
}

awaitable<> keeper::load_sessions() {
    const auto now = parts_.time.now();
    const auto sessions =
        value_or_throw(co_await parts_.store.read([&](storage::snapshot& s) -> result<std::vector<table::stored_session>> {
            return table::read_valid_sessions(s, now, parts_.issuer, parts_.mode, live_credentials::max_sessions);
        }));
    for (const auto& each : sessions)
        (void)parts_.live.add_session(each, nullptr, now);
}

awaitable<> keeper::tidy() {
    co_await record_uses();
    co_await remove_old();
    parts_.live.remove_expired_sessions(parts_.time.now());
    show_counts();
}

awaitable<> keeper::record_uses() {
    const auto uses = parts_.live.take_uses();
    std::span rest{uses};
    while (!rest.empty()) {
        const auto batch = rest.first(std::min<std::size_t>(rest.size(), max_changes));
        rest = rest.subspan(batch.size());
        value_or_throw(co_await parts_.store.write(
            [&](storage::transaction& t) -> result<> {
                for (const auto& [token, used] : batch)
                    table::record_use(t, token, used);
                return {};
            },
            storage::write_priority::internal));
    }
}

/// `cautious_time` and `run_bound` ensure that nothing is removed because the time of day is wrong for a while
/// (docs/decisions/0019).
awaitable<> keeper::remove_old() {
    const auto now = parts_.time.now();
    const auto steady_now = parts_.steady_now();
    if (!cautious_time_)
        cautious_time_.emplace(now, steady_now);
    const auto time = cautious_time_->read(now, steady_now);
    const auto cutoff = run_bound_.limit(time - parts_.history, parts_.history, now, steady_now);
    for (bool has_more = true; has_more && !is_stopping_;) {
        const auto removed = value_or_throw(co_await parts_.store.write(
            [&](storage::transaction& t) -> result<std::int64_t> {
                return std::max({table::remove_old_tokens(t, cutoff, max_changes),
                                 table::remove_old_sessions(t, time, max_changes),
                                 table::remove_foreign_sessions(t, parts_.issuer, max_changes),
                                 table::remove_sessions_of_other_modes(t, parts_.mode, max_changes)});
            },
            storage::write_priority::internal));
        has_more = removed == max_changes;
    }
}

} // namespace atrium::auth
