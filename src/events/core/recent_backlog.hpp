#pragma once

#include <events/durable_bus.hpp>

#include <chrono>
#include <mutex>
#include <optional>

namespace atrium::events {

/// What was counted last. To count a large backlog takes long, so it is not done anew for everybody who asks: at most a tenth
/// of the time goes into it. A small one is counted each time. No I/O; any thread.
class recent_backlog {
public:
    using clock = std::chrono::steady_clock;

    static constexpr std::int64_t large = 10'000;          ///< deliveries: some milliseconds
    static constexpr std::chrono::seconds longest_use{10}; ///< after that even a large one is counted anew

    /// Empty: the caller is to count. Others get what was counted last, for twice as long as that took.
    [[nodiscard]] std::optional<backlog> find(clock::time_point now);
    /// What was counted last, however long ago; empty if nothing was.
    [[nodiscard]] std::optional<backlog> last();
    void keep(backlog counted, clock::time_point began, clock::time_point ended);

private:
    std::mutex mutex_;
    std::optional<backlog> last_;
    clock::duration took_{0};        ///< zero for a small one
    clock::time_point used_until_{}; ///< `last_`
};

} // namespace atrium::events
