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

/// The two lines in front of the writer. Any thread may push, the writer's thread takes.
class write_queue {
public:
    /// `limit`: how many of `lane::request` may wait.
    explicit write_queue(std::size_t limit) : limit_{limit} {}

    /// Takes `one` and leaves it null, or says why not: the line of requests is full, or the queue is closed.
    [[nodiscard]] result<> push(std::unique_ptr<waiting_write>& one);

    enum class woken { by_work, by_signal, by_time, by_end };

    /// Waits for work, at most for `patience` where given, and moves up to `at_most` into `batch`. Internal work goes first but
    /// leaves half of the room to requests where so many wait. By the end: closed, and nothing is left. By a signal: `batch` is
    /// left as it is.
    [[nodiscard]] woken take(waiting_writes& batch, std::size_t at_most,
                             std::optional<std::chrono::steady_clock::duration> patience);

    /// Wakes `take`, now or when it is called next. Any thread.
    void signal();

    /// From now on `push` refuses with this; what waits can still be taken.
    void close(error why);

    /// Of both lines.
    [[nodiscard]] std::size_t length() const;

private:
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::unique_ptr<waiting_write>> requests_;
    std::deque<std::unique_ptr<waiting_write>> internal_;
    std::optional<error> closed_;
    bool is_signalled_ = false;
    bool favour_requests_ = false; ///< who gets the larger half of an odd batch: in turns
};

} // namespace atrium::storage::sqlite
