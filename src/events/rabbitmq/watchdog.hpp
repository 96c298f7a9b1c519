#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace atrium::events::rabbitmq {

/// Bounds the calls that block in a socket, by shutting the socket down when one takes too long: librabbitmq 0.11 waits
/// without limit where it cannot send to a peer that has stopped reading and is silent (`amqp_try_recv`).
///
/// A thread of its own, which sleeps until a call is overdue. The guarded calls are those of one other thread.
class watchdog {
public:
    using clock = std::chrono::steady_clock;

    watchdog();
    ~watchdog();
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    /// The socket of the calls from now on. Keeps a duplicate: the connection ends when both are closed. -1 for none. Throws
    /// std::system_error if there is no file descriptor for the duplicate; then no call may be begun.
    void watch(int socket);

    /// No call may last beyond this, whatever its own limit. Any thread.
    void end_by(clock::time_point when);

    /// Whether that has come. Any thread.
    [[nodiscard]] bool is_over() const noexcept { return clock::now().time_since_epoch().count() >= end_by_.load(); }

    /// A call is under way and may take `limit`. Cheap enough for each message.
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
    using moment = clock::rep; ///< since the clock's epoch, for atomics
    static constexpr moment idle = clock::time_point::max().time_since_epoch().count();

    void begin(clock::time_point deadline);
    void run();

    std::atomic<moment> busy_until_ = idle;     ///< the deadline of the call under way
    std::atomic<moment> end_by_ = idle;         ///< the deadline of all calls
    std::atomic<moment> sleeping_until_ = idle; ///< the thread wakes then at the latest; later deadlines need not wake it

    std::mutex mutex_; ///< for the rest, and for lowering `sleeping_until_`
    std::condition_variable changed_;
    int socket_ = -1;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace atrium::events::rabbitmq
