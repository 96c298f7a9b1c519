#pragma once

#include "memory/progress_watch.hpp"
#include "memory/worker_memory.hpp"

#include <chrono>
#include <cstddef>

namespace atrium::http {

/// What one client holds of the budget: with what it has sent and not finished, and with what it does not take. Its worker's
/// thread.
class client_memory {
public:
    explicit client_memory(worker_memory& from) noexcept : incoming_{from.incoming}, outgoing_{from.responses} {}

    /// Holds input that has arrived, and so is there already. False if the budget does not have it and it is not short: a short
    /// header or message is read in any case.
    [[nodiscard]] bool hold_arrived(std::size_t bytes) noexcept {
        if (bytes == incoming_.size() || incoming_.try_resize(bytes)) [[likely]]
            return true;
        incoming_.resize(bytes);
        return bytes <= max_short;
    }
    void hold_incoming(std::size_t bytes) noexcept { incoming_.resize(bytes); }
    void hold_outgoing(std::size_t bytes) noexcept {
        if (bytes != outgoing_.size())
            outgoing_.resize(bytes);
    }

    /// Whether the client does what it is waited for: sends what is missing, takes what is there.
    progress_watch client;

    /// What would be free if the connection ended, in bytes; 0 unless the client has made no progress for a second.
    [[nodiscard]] std::size_t stalled(progress_watch::time_point now) const noexcept {
        using namespace std::chrono_literals;
        return client.is_stalled(now, 1s) ? held() : 0;
    }
    [[nodiscard]] std::size_t held() const noexcept { return incoming_.size() + outgoing_.size(); }

private:
    static constexpr std::size_t max_short = 4 * 1024;

    account_lease incoming_;
    account_lease outgoing_;
};

} // namespace atrium::http
