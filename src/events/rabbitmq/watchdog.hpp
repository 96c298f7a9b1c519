#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace atrium::events::rabbitmq {

/// Limits the duration of calls that block on a socket, by shutting the socket down if a call takes too long. This is needed
/// because librabbitmq 0.11 waits without limit if it cannot send to a peer that neither reads nor sends anything
/// (`amqp_try_recv`).
///
/// Has a thread of its own, which sleeps until a call is overdue. All guarded calls are made by one other thread.
class watchdog {
public:
    using clock = std::chrono::steady_clock;

    watchdog();
    ~watchdog();
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    /// Sets the socket of the following calls; -1 means no socket. Keeps a duplicate of the descriptor, so the connection ends
    /// only when both descriptors are closed. Throws std::system_error if no file descriptor is left for the duplicate; then no
    /// call may be made.
    void watch(int socket);

    /// Sets a deadline for all calls, regardless of their own limits. Any thread.
    void end_by(clock::time_point when);

    /// Whether the deadline of `end_by` has passed. Any thread.
    [[nodiscard]] bool is_over() const noexcept { return clock::now().time_since_epoch().count() >= end_by_.load(); }

    /// Guards one call, which may take up to `limit`: the guard exists as long as the call runs. Cheap enough to use for each
    /// message.
    class guard {
    public:
        guard(watchdog& w, clock::duration limit) : watchdog_{w} { watchdog_.begin(clock::now() + limit); }
        ~guard() { watchdog_.busy_until_ = idle; }
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;

    private:
        watchdog& watchdog_;
    };

private:
    using moment = clock::rep; ///< a time as a number since the clock's epoch, which fits into an atomic
    static constexpr moment idle = clock::time_point::max().time_since_epoch().count();

    void begin(clock::time_point deadline);
    void run();

    std::atomic<moment> busy_until_ = idle; ///< the deadline of the current call
    std::atomic<moment> end_by_ = idle;     ///< the deadline of all calls
    std::atomic<moment> sleeping_until_ =
        idle; ///< the time at which the thread will wake; a call with a later deadline need not wake it

    std::mutex mutex_; ///< guards the members below; must also be held to lower `sleeping_until_`
    std::condition_variable changed_;
    int socket_ = -1;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace atrium::events::rabbitmq
