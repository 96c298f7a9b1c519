#pragma once

#include "sqlite/waiting_write.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace atrium::storage::sqlite {

/// The two queues of the writer, one for each priority. Any thread may push; the writer's thread takes.
class write_queue {
public:
    /// `limit` is the maximum number of waiting writes of `write_priority::request`.
    explicit write_queue(std::size_t limit) : limit_{limit} {}

    /// Moves `write` into the queue. If the queue of requests is full or this object is closed, returns an error and leaves
    /// `write` unchanged.
    [[nodiscard]] result<> push(std::unique_ptr<waiting_write>& write);

    enum class wake_cause { by_work, by_signal, by_time, by_end };

    /// Waits for work, for at most `max_wait` if it is set, and moves up to `max_count` writes into `batch`. Internal work
    /// comes first but leaves half of the batch to requests if enough of them wait. Returns `by_work` if it has moved writes.
    /// Otherwise `batch` is unchanged, and the result is `by_signal` after a call of `signal`, `by_time` if `max_wait` has
    /// passed, or `by_end` if the queue is closed and empty.
    [[nodiscard]] wake_cause take(waiting_writes& batch, std::size_t max_count,
                                  std::optional<std::chrono::steady_clock::duration> max_wait);

    /// Makes the waiting call of `take` return `by_signal`, or the next call if none is waiting. Can be called on any thread.
    void signal();

    /// From now on, `push` returns this error; the waiting writes can still be taken.
    void close(error reason);

    /// The number of waiting writes in both queues.
    [[nodiscard]] std::size_t length() const;

private:
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::unique_ptr<waiting_write>> requests_;
    std::deque<std::unique_ptr<waiting_write>> internal_;
    std::optional<error> closing_error_; ///< set when this object is closed
    bool is_signalled_ = false;
    bool favors_requests_ = false; ///< whether requests get the larger half of an odd batch; alternates
};

} // namespace atrium::storage::sqlite
