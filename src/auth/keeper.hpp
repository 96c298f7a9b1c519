#pragma once

#include "issuer_keys.hpp"
#include "live_credentials.hpp"
#include "trail.hpp"

#include <base/awaitable.hpp>
#include <base/background_thread.hpp>
#include <base/clock.hpp>
#include <base/clock_steps.hpp>
#include <base/log.hpp>
#include <base/timer.hpp>
#include <storage/store.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace atrium::auth {

/// Keeps the credentials that the workers have in memory up to date: reads the tokens again when another process has changed
/// them, refreshes the keys of the issuer, records when tokens were used, and removes old tokens and sessions. Has a thread of
/// its own, which sleeps most of the time.
class keeper {
public:
    using steady = std::chrono::steady_clock;

    struct parts {
        storage::store store;
        const clock& time;
        live_credentials& live;
        auth::trail& trail;
        issuer_keys* keys;                 ///< null unless JSON Web Tokens are accepted
        std::optional<std::string> issuer; ///< the issuer whose JSON Web Tokens are accepted; empty if none are
        std::string_view mode;             ///< the value of auth.mode, such as "token"
        std::chrono::milliseconds history; ///< how long expired and revoked tokens are kept
        logger log;
        std::function<steady::time_point()> steady_now;
    };

    explicit keeper(parts p);
    ~keeper();
    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;

    /// Reads all tokens and sessions, then starts the thread. Throws if they cannot be read.
    void start();
    /// Stops the thread, and resumes the coroutines that wait for keys. Idempotent. Called on the thread that has called
    /// `start`.
    void stop();

    /// Reads the tokens again if they have changed, and logs the changes. Any thread that runs an io_context.
    [[nodiscard]] awaitable<> reload_tokens();

    /// How often the keeper looks for changes. A revocation by another process takes effect when the keeper looks next.
    static constexpr std::chrono::milliseconds interval{250};

private:
    awaitable<> keep_credentials();
    awaitable<> keep_keys();
    awaitable<> keep_tidy();
    awaitable<> tidy();
    void show_counts();
    awaitable<> pause(steady_timer& timer);
    awaitable<> load_sessions();
    awaitable<> record_uses();
    awaitable<> remove_old();

    parts parts_;
    background_thread thread_;
    // The following members are used only on the keeper's thread.
    steady_timer credentials_timer_;
    steady_timer tidy_timer_;
    steady_timer keys_timer_;
    asio::cancellation_signal keys_cancellation_; ///< ends a call to the issuer
    bool is_stopping_ = false;
    steady::time_point last_tidy_;
    std::optional<cautious_time> cautious_time_; ///< set by the first `tidy`
    run_bound run_bound_;
};

} // namespace atrium::auth
