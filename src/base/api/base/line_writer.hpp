#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace atrium {

/// Writes lines to a file descriptor from a thread of its own, so that `append` never waits for the reader (a pipe that is not
/// read, a stopped terminal, a slow disk). Lines keep their order and never mix. Can be used on any thread.
///
/// At most `capacity` bytes wait or are being written; each line counts as its size plus 64 bytes. A line that does not fit is
/// dropped and counted, as is a line that cannot be written (a closed pipe, a full disk). A single line in place of the dropped
/// lines reports their number.
class line_writer {
public:
    /// An eighth of the capacity is reserved for lines of high importance.
    enum class importance { ordinary, high };

    /// `describe_loss` takes the number of dropped lines and returns the line that reports this number, without a line break.
    /// It is called on the writing thread. The descriptor must stay open. This object does not close it and does not change its
    /// flags, as other processes may share them.
    line_writer(int descriptor, std::size_t capacity, std::function<std::string(std::uint64_t)> describe_loss);
    /// Waits until all lines are written or dropped. Gives up after five seconds, or when the reader has taken nothing for one
    /// second; then the thread outlives this object and continues to wait in its write.
    ~line_writer();
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    /// `line` has no line break; one is added.
    void append(std::string line, importance weight = importance::ordinary);

    /// Waits until all lines appended so far are written or dropped. Gives up at `deadline`, or when the reader has taken
    /// nothing for a second; then returns false.
    bool flush(std::chrono::steady_clock::time_point deadline);

    /// Number of lines that have been dropped so far.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    struct state;

    std::shared_ptr<state> state_; ///< shared with the thread, which may outlive this object
    std::thread thread_;
};

} // namespace atrium
