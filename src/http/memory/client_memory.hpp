#pragma once

#include "memory/progress_watch.hpp"
#include "memory/worker_memory.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace atrium::http {

/// The part of the budget that one client uses: for its incomplete input, for output that it has not received, and for TLS.
/// Used on the thread of its worker.
class client_memory {
public:
    explicit client_memory(worker_memory& source) noexcept
        : incoming_{source.incoming}, outgoing_{source.responses}, session_{source.incoming} {}

    /// Sets the size of the input that has already arrived, even if this exceeds the budget. Returns false if the budget had
    /// too little left and the input is not short: a short header or message is always read.
    [[nodiscard]] bool try_count_input(std::size_t bytes) noexcept {
        if (bytes == incoming_.size() || incoming_.try_resize(bytes)) [[likely]]
            return true;
        incoming_.resize(bytes);
        return bytes <= max_short;
    }
    /// Sets the size of the input that has already arrived, even if this exceeds the budget.
    void count_input(std::size_t bytes) noexcept { incoming_.resize(bytes); }
    /// Sets the size of the state of TLS, which is counted until this object is destroyed.
    void count_session(std::size_t bytes) noexcept {
        if (bytes != session_.size())
            session_.resize(bytes);
    }
    /// Like `count_session`, but returns false if the budget had too little left. The size is counted in any case. The
    /// claim may use the reserve for small claims.
    [[nodiscard]] bool try_count_session(std::size_t bytes) noexcept {
        const bool had_enough = session_.try_resize(std::min(bytes, memory_budget::max_small));
        session_.resize(bytes);
        return had_enough;
    }
    /// Sets the size of the output that the client has not received, even if this exceeds the budget.
    void count_output(std::size_t bytes) noexcept {
        if (bytes != outgoing_.size())
            outgoing_.resize(bytes);
    }

    /// Whether the client makes progress, by sending the rest of its input or receiving the output.
    progress_watch progress;

    /// Bytes that would be freed if the connection ended; 0 unless the client has made no progress for a second.
    [[nodiscard]] std::size_t stalled_bytes(progress_watch::time_point now) const noexcept {
        using namespace std::chrono_literals;
        return progress.is_stalled(now, 1s) ? total_bytes() : 0;
    }
    [[nodiscard]] std::size_t total_bytes() const noexcept { return incoming_.size() + outgoing_.size() + session_.size(); }

private:
    static constexpr std::size_t max_short = 4 * 1024;

    account_lease incoming_;
    account_lease outgoing_;
    account_lease session_;
};

} // namespace atrium::http
