#pragma once

#include <access/authenticator.hpp>
#include <rate_limits/window_counter.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace atrium::auth {

/// Limits how many credentials from one address are refused in a minute, so that no client can make the server verify an
/// unlimited number of signatures. An address that is over the limit can still use tokens, sessions, and JSON Web Tokens that
/// were verified recently, because none of these needs the check of a signature, and because honest clients may share the
/// address. Any thread.
class refusal_limit {
public:
    using clock = rate_limits::window_counter::clock;

    /// @param max number of refusals of one address in a minute; 0 means no limit
    refusal_limit(std::int64_t max, std::function<clock::time_point()> now) : max_{max}, now_{std::move(now)} {}

    static constexpr std::chrono::minutes window{1};

    /// Counts a credential that was refused.
    void count(const access::credentials& refused);

    /// How long the sender must wait before another of its credentials is verified; empty if it need not wait.
    [[nodiscard]] std::optional<std::chrono::seconds> find_wait(const access::credentials& presented);

private:
    [[nodiscard]] bool covers(const access::credentials& presented) const noexcept { return max_ > 0 && presented.address; }

    const std::int64_t max_;
    const std::function<clock::time_point()> now_;
    rate_limits::window_counter counter_{window};
};

} // namespace atrium::auth
