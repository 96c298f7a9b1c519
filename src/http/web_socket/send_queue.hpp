#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace atrium::http {

/// The messages of a WebSocket that wait to be sent, and a limit for their size. No I/O. One thread.
class send_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `max_bytes` includes a small overhead for each message.
    explicit send_queue(std::size_t max_bytes) noexcept : max_bytes_{max_bytes} {}

    /// Whether a message of `size` bytes fits. A message that is larger than the limit fits into an empty queue, because
    /// waiting would not make it smaller.
    [[nodiscard]] bool has_room(std::size_t size) const noexcept;
    void push(std::string message);

    /// Bytes of all messages with their overhead.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool is_empty() const noexcept { return messages_.empty(); }
    [[nodiscard]] std::string_view front() const noexcept { return messages_.front(); }
    void pop(time_point now);
    /// Drops all messages but the first `count`.
    void keep_first(std::size_t count);

    /// A sender that waits until the queue has space. While at least one exists, the peer is expected to take messages.
    class waiter {
    public:
        waiter(send_queue& queue, time_point now) noexcept;
        ~waiter() { --queue_.waiters_; }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

    private:
        send_queue& queue_;
    };

    /// Whether the peer has taken no message for `patience` while a waiter existed. False if the first message alone exceeds
    /// the limit: sending it may take longer.
    [[nodiscard]] bool is_blocking_senders(time_point now, std::chrono::milliseconds patience) const noexcept;

private:
    const std::size_t max_bytes_;
    std::deque<std::string> messages_;
    std::size_t bytes_ = 0;
    int waiters_ = 0;
    time_point last_moved_; ///< when the last message was taken or the first of the waiters was added, whichever was later
};

} // namespace atrium::http
