#pragma once

#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/log.hpp>
#include <idempotency/request_key.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_set>

namespace atrium::idempotency {

/// The state that a `key_store` and its claims share. Any thread.
struct shared_state {
    const storage::store store;
    const clock& time;
    const std::int64_t max_count;
    const metrics::gauge key_count; ///< the number of stored keys
    const logger log;

    /// Marks the key as that of a running request. Returns false if another request with this key is running.
    [[nodiscard]] bool begin(const request_key& key) {
        const std::lock_guard lock{mutex};
        return running.insert(name_of(key)).second;
    }
    void end(const request_key& key) {
        const std::lock_guard lock{mutex};
        running.erase(name_of(key));
    }

    std::mutex mutex{};
    std::unordered_set<std::string> running{}; ///< the keys of running requests; guarded by the mutex

private:
    /// A key has no blank, so the name of each pair of key and principal is different.
    static std::string name_of(const request_key& key) { return key.key + " " + key.principal; }
};

} // namespace atrium::idempotency
