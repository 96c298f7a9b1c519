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

    /// Records a refused credential, unless the reason is `missing`. Each reason is logged at most ten times a minute.
    void record_refusal(const recognition& r);

    void record_token_creation(const token_row& row);
    void record_token_revocation(const token_row& row);
    /// @param credential "token" if a token or JSON Web Token has begun the session, "first link" if the link for the first
    /// administrator has
    void record_session_begin(std::string_view principal, std::string_view credential);
    /// @param actor the name of the principal that ends the session
    void record_session_end(std::string_view principal, std::string_view actor);

    void show_counts(std::size_t tokens, std::size_t sessions) const;

private:
    struct reason_record {
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
    std::map<refusal, reason_record> reasons_;
};

} // namespace atrium::auth
