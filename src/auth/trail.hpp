#pragma once

#include "recognition.hpp"

#include <base/log.hpp>
#include <base/throttle.hpp>
#include <metrics/registry.hpp>

#include <cstddef>
#include <map>
#include <mutex>
#include <string_view>

namespace atrium::auth {

/// The record of decisions about credentials, in the log and in the metrics. Never contains a credential. Any thread.
class trail {
public:
    trail(metrics::registry& metrics, logger log);

    /// Records a refused credential. Each reason is logged at most ten times a minute.
    void refused(const recognition& r);

    void token_created(const token_row& row);
    void token_revoked(const token_row& row);
    /// @param how "token" or "first link"
    void session_begun(std::string_view principal, std::string_view how);
    /// @param actor the name of the principal that ends the session
    void session_ended(std::string_view principal, std::string_view actor);

    void show_counts(std::size_t tokens, std::size_t sessions) const;

private:
    struct reason {
        metrics::counter count;
        throttle lines;
    };

    const logger log_;
    const metrics::counter created_;
    const metrics::counter revoked_;
    const metrics::counter begun_;
    const metrics::counter ended_;
    const metrics::gauge tokens_;
    const metrics::gauge sessions_;
    std::mutex mutex_; ///< guards the following member
    std::map<refusal, reason> reasons_;
};

} // namespace atrium::auth
