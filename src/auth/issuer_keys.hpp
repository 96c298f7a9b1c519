#pragma once

#include "jwks_url.hpp"
#include "key_set.hpp"

#include <auth/settings.hpp>
#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <base/notification.hpp>
#include <base/throttle.hpp>
#include <http/client.hpp>
#include <metrics/registry.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace atrium::auth {

/// The keys of an issuer that are in use. When they change, a new object replaces this one.
struct known_keys {
    key_set keys = {};
    std::uint64_t number = 0; ///< increases with each change of the keys; 0 means that no keys have been read yet
};

/// Reads the keys of an issuer from a file or a URL and keeps them up to date. After the constructor, only the
/// thread of the keeper reads the file or URL. The workers use the keys and can request newer ones. If the keys cannot be
/// refreshed, the known ones stay in use.
class issuer_keys {
public:
    using steady = std::chrono::steady_clock;

    struct parts {
        const clock& time;
        metrics::registry& metrics;
        logger log;
        std::function<steady::time_point()> steady_now = [] { return steady::now(); };
        std::string trust = {}; ///< see `http::client_settings::trust`
    };

    /// If the keys come from a file, reads it immediately, and throws std::runtime_error if it cannot be used. The text of the
    /// exception is for the person who starts the server. If the keys come from a URL, the first `refresh_if_due` fetches them.
    issuer_keys(const jwt_settings& s, parts p);
    issuer_keys(const issuer_keys&) = delete;
    issuer_keys& operator=(const issuer_keys&) = delete;

    /// Any thread.
    [[nodiscard]] std::shared_ptr<const known_keys> current() const;

    /// Requests newer keys, because a token names an unknown key, and waits until they have been read or could not be read.
    /// Coroutines that wait at the same time share one refresh. Returns false without waiting if unknown keys have led to a
    /// refresh within the last minute. Any thread that runs an io_context.
    [[nodiscard]] awaitable<bool> request_newer();

    /// The minimum time between two refreshes because of unknown keys. Without it, a client that invents names of keys could
    /// make the server read the keys again and again.
    static constexpr std::chrono::minutes min_request_interval{1};

    /// Sets the function that wakes the keeper when newer keys are requested. `wake` is called on any thread. Call `set_wake`
    /// before the keys are used.
    void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

    /// Reads the keys if they were requested, if the file has changed, or if it is time to fetch the URL again. Call it
    /// on the keeper's thread.
    [[nodiscard]] awaitable<> refresh_if_due();

    /// Resumes the coroutines that wait in `request_newer`, which from now on returns false without waiting. Call it on
    /// the keeper's thread.
    void stop();

private:
    struct waiter;
    struct waiter_guard;
    /// Distinguishes versions of a file: inode, size, and time of the last change in seconds and nanoseconds.
    using file_stamp = std::tuple<ino_t, off_t, std::time_t, long>;

    [[nodiscard]] bool is_due();
    [[nodiscard]] bool is_requested() const;
    [[nodiscard]] awaitable<> refresh();
    [[nodiscard]] awaitable<result<std::string>> read();
    [[nodiscard]] result<std::string> read_file();
    [[nodiscard]] std::optional<file_stamp> read_stamp() const;
    void use(const std::string& text, key_set keys);
    void report_failure(const std::string& reason);
    void release_waiters();
    [[nodiscard]] std::shared_ptr<waiter> add_waiter(const executor& target);

    const std::string source_;
    const std::optional<jwks_url> url_;
    const std::chrono::milliseconds interval_;
    const std::function<steady::time_point()> steady_now_;
    const logger log_;
    const metrics::counter successes_;
    const metrics::counter failures_;
    const metrics::gauge key_count_;
    std::optional<http::client> client_; ///< only if the keys come from a URL
    std::function<void()> wake_ = [] {};

    // The following members are used only on the keeper's thread.
    std::optional<file_stamp> stamp_;
    std::string text_; ///< the text of the keys in use
    steady::time_point next_refresh_{};
    bool has_failed_ = false;
    throttle failure_lines_ = throttle::once_a_minute();

    mutable std::mutex mutex_; ///< guards the following members
    std::shared_ptr<const known_keys> known_ = std::make_shared<const known_keys>();
    std::vector<std::shared_ptr<waiter>> waiters_;
    std::optional<steady::time_point> last_request_;
    bool is_requested_ = false;
    bool is_stopped_ = false;
};

} // namespace atrium::auth
