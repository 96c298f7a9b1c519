#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace atrium {

/// Writes lines to a file descriptor from a thread of its own, so that `append` never waits for the reader: a pipe that is not
/// read, a stopped terminal, a slow disk. Lines keep their order and never mix. Any thread.
///
/// At most `capacity` bytes wait. A line that does not fit is dropped and counted, as is one that cannot be written (a closed
/// pipe, a full disk); a line that reports their number stands where they are missing.
class line_writer {
public:
    /// Ordinary lines leave an eighth of the capacity to important ones.
    enum class importance { ordinary, high };

    /// `describe_loss` renders the report of so many dropped lines, without a line break; it is called on the writing thread.
    /// The descriptor must stay open; it is not closed, and its flags are left alone, as other processes may share them.
    line_writer(int descriptor, std::size_t capacity, std::function<std::string(std::uint64_t)> describe_loss);
    /// As `flush` within five seconds. If the reader is stuck, the thread is left behind in its last write.
    ~line_writer();
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    /// `line` has no line break yet.
    void append(std::string line, importance weight = importance::ordinary);

    /// Waits until everything appended so far is written or dropped: until `deadline`, or for a second in which the reader
    /// takes nothing. Whether that was reached.
    bool flush(std::chrono::steady_clock::time_point deadline);

    /// Lines that were dropped until now.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    struct state;

    std::shared_ptr<state> state_; ///< shared with the thread, which may outlive this object
    std::thread thread_;
};

} // namespace atrium
