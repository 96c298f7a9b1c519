#include "web_socket/send_queue.hpp"

#include <utility>

namespace atrium::http {
namespace {

constexpr std::size_t message_overhead = 64; // added to the size of each message, so that small messages are not free

} // namespace

bool send_queue::has_room(std::size_t size) const noexcept {
    return messages_.empty() || bytes_ + size + message_overhead <= max_bytes_;
}

void send_queue::push(std::string message) {
    const auto size = message.size();
    messages_.push_back(std::move(message));
    bytes_ += size + message_overhead;
}

void send_queue::pop(time_point now) {
    bytes_ -= messages_.front().size() + message_overhead;
    messages_.pop_front();
    last_moved_ = now;
}

void send_queue::keep_first(std::size_t count) {
    while (messages_.size() > count) {
        bytes_ -= messages_.back().size() + message_overhead;
        messages_.pop_back();
    }
}

send_queue::waiter::waiter(send_queue& queue, time_point now) noexcept : queue_{queue} {
    if (++queue_.waiters_ == 1)
        queue_.last_moved_ = now;
}

bool send_queue::is_blocking_senders(time_point now, std::chrono::milliseconds patience) const noexcept {
    if (waiters_ == 0 || messages_.empty())
        return false;
    const bool is_within_limit = messages_.front().size() + message_overhead <= max_bytes_;
    return is_within_limit && now - last_moved_ >= patience;
}

} // namespace atrium::http
