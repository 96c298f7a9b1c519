#pragma once

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/log.hpp>
#include <idempotency/claim.hpp>
#include <idempotency/request_key.hpp>
#include <idempotency/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/migration.hpp>
#include <storage/sqlite/database.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace atrium::idempotency {

class sweeper;

/// The name of this part as the owner of its tables.
inline constexpr std::string_view owner = "idempotency";

/// The migrations that create the tables of this part.
[[nodiscard]] storage::schema key_schema();

/// The parts that a `key_store` uses. The database, `time` and `metrics` must outlive it.
struct key_store_parts {
    storage::database& database;
    const clock& time;
    metrics::registry& metrics;
    logger log;
    /// The steady clock. A test may replace it.
    std::function<std::chrono::steady_clock::time_point()> steady_now = [] { return std::chrono::steady_clock::now(); };
};

/// The idempotency keys of a process: which requests with a key are running, and the stored responses of earlier ones. Stored
/// responses that are older than `settings::age` are removed in small steps on a separate thread. If there are more than
/// `settings::count`, a request that stores its response also removes the oldest responses.
class key_store {
public:
    key_store(const settings& s, key_store_parts p);
    ~key_store();
    key_store(const key_store&) = delete;
    key_store& operator=(const key_store&) = delete;

    /// Starts to remove old keys. Call it after the start of the database.
    void start();
    /// Stops removing old keys. Call it before the database is closed. Idempotent.
    void stop();

    /// Claims a key for one request. Any thread that runs an io_context. Errors: conflict, with a `retry_after` (a request with
    /// this key is running); invalid (another request has used this key); unavailable.
    [[nodiscard]] awaitable<result<std::unique_ptr<claim>>> claim_key(request_key key);

    /// Removes the keys that are too old. After `start`, the thread of this object does this regularly. Tests call this
    /// function instead of `start`.
    [[nodiscard]] awaitable<> remove_old_keys();

private:
    std::shared_ptr<shared_state> state_;
    std::unique_ptr<sweeper> sweeper_;
};

} // namespace atrium::idempotency
