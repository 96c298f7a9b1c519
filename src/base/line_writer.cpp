#include <base/line_writer.hpp>

#include <climits>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <utility>

namespace atrium {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto max_stall = 1s;            // a reader that takes nothing for this long counts as stuck
constexpr auto max_destructor_wait = 5s;  // for a reader that is slow, but not stuck
constexpr std::size_t line_overhead = 64; // approximate bytes that a waiting line takes in addition to its text

/// Lines are combined into writes of up to this size in bytes, because such a write to a pipe is atomic.
constexpr std::size_t max_combined_size = PIPE_BUF;

/// Writes all bytes, however long that takes. Returns how many were written, which is fewer than all only after an error.
std::size_t write_fully(int descriptor, std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (count > 0) {
            written += static_cast<std::size_t>(count);
        } else if (count < 0 && errno == EAGAIN) { // another process that shares the file has set O_NONBLOCK
            pollfd writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
            ::poll(&writable, 1, -1);
        } else if (count == 0 || errno != EINTR) {
            break;
        }
    }
    return written;
}

struct entry {
    std::string line;
    std::uint64_t lost_before; ///< number of lines that were dropped before this one

    [[nodiscard]] std::size_t cost() const noexcept { return line.size() + line_overhead; }
};

/// The lines that wait to be written. The writing thread takes all of them in one step.
struct batch {
    std::deque<entry> entries;
    std::uint64_t lost_behind = 0; ///< number of lines that were dropped after the last entry
    std::uint64_t end = 0;         ///< number of lines that `append` has been called with so far, including dropped ones

    [[nodiscard]] bool is_empty() const noexcept { return entries.empty() && lost_behind == 0; }
};

} // namespace

struct line_writer::state {
    state(int output, std::size_t limit, std::function<std::string(std::uint64_t)> describe)
        : descriptor{output}, capacity{limit}, describe_loss{std::move(describe)} {}

    const int descriptor;
    const std::size_t capacity;
    const std::function<std::string(std::uint64_t)> describe_loss;

    std::atomic<std::uint64_t> dropped = 0;
    std::mutex mutex; // guards the members down to `has_ended`
    std::condition_variable work;
    std::condition_variable progress;
    batch waiting_lines;
    std::size_t bytes = 0;           ///< cost of the lines that wait and of those that are being written
    std::uint64_t settled_count = 0; ///< number of appended lines that were written or dropped
    std::uint64_t write_count = 0;   ///< number of writes that have returned
    bool is_closing = false;
    bool has_ended = false;

    // Only the writing thread uses the following members, which describe the lines of the next write.
    std::string text;
    std::size_t text_cost = 0;        ///< cost of the lines in `text`, without the line that reports losses
    std::size_t report_size = 0;      ///< size of the first line, if it reports losses
    std::uint64_t reported_count = 0; ///< number of dropped lines that this report contains
    std::uint64_t lost_count = 0;     ///< lines dropped before the next line and not reported yet
    bool is_torn = false;             ///< the last line was written only in part

    void run();
    bool take(batch& lines);
    void write(const batch& lines);
    void add(const entry& next);
    void add_report();
    void write_text();
    bool wait(std::unique_lock<std::mutex>& lock, steady_clock::time_point deadline, const std::function<bool()>& condition);
};

void line_writer::state::run() {
    for (batch lines; take(lines); lines = {})
        write(lines);
    const std::lock_guard lock{mutex};
    has_ended = true;
    progress.notify_all();
}

/// Waits until there are lines to write or losses to report. Returns false if there are none and the writer closes.
bool line_writer::state::take(batch& lines) {
    std::unique_lock lock{mutex};
    work.wait(lock, [this] { return is_closing || !waiting_lines.is_empty(); });
    if (waiting_lines.is_empty())
        return false;
    lines = std::exchange(waiting_lines, {.entries = {}, .lost_behind = 0, .end = waiting_lines.end});
    return true;
}

void line_writer::state::write(const batch& lines) {
    for (const auto& line : lines.entries)
        add(line);
    if (lines.lost_behind > 0) {
        write_text();
        lost_count += lines.lost_behind;
        add_report();
    }
    write_text();
    const std::lock_guard lock{mutex};
    settled_count = lines.end;
    progress.notify_all();
}

void line_writer::state::add(const entry& next) {
    if (next.lost_before > 0 || text.size() + next.line.size() + 1 > max_combined_size)
        write_text();
    lost_count += next.lost_before;
    if (lost_count > 0)
        add_report();
    text.append(next.line).push_back('\n');
    text_cost += next.cost();
}

/// Puts a report of the losses at the start of the next write.
void line_writer::state::add_report() {
    text = describe_loss(lost_count) + '\n';
    report_size = text.size();
    reported_count = std::exchange(lost_count, 0);
}

/// Writes `text`. Lines that could not be written count as lost, and are reported before the next line that can be written.
void line_writer::state::write_text() {
    if (text.empty())
        return;
    if (is_torn)
        is_torn = write_fully(descriptor, "\n") == 0;
    const auto written = is_torn ? 0 : write_fully(descriptor, text);
    if (written < text.size()) {
        const auto rest = std::string_view{text}.substr(written);
        const bool is_report_lost = written < report_size;
        const auto failed_count =
            static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n')) - (is_report_lost ? 1 : 0);
        lost_count = failed_count + (is_report_lost ? reported_count : 0);
        dropped += failed_count;
        is_torn = is_torn || (written > 0 && text[written - 1] != '\n');
    }
    text.clear();
    report_size = 0;
    reported_count = 0;

    const std::lock_guard lock{mutex};
    bytes -= std::exchange(text_cost, 0);
    ++write_count;
    progress.notify_all();
}

/// Waits for the condition until the deadline, or until the reader is stuck. Returns whether the condition holds.
bool line_writer::state::wait(std::unique_lock<std::mutex>& lock, steady_clock::time_point deadline,
                              const std::function<bool()>& condition) {
    while (!condition()) {
        const auto count_before = write_count;
        const auto end = std::min(deadline, steady_clock::now() + max_stall);
        if (!progress.wait_until(lock, end, [&] { return write_count != count_before || condition(); }))
            return false;
    }
    return true;
}

line_writer::line_writer(int descriptor, std::size_t capacity, std::function<std::string(std::uint64_t)> describe_loss)
    : state_{std::make_shared<state>(descriptor, capacity, std::move(describe_loss))}, thread_{[s = state_] { s->run(); }} {}

line_writer::~line_writer() {
    std::unique_lock lock{state_->mutex};
    state_->is_closing = true;
    state_->work.notify_one();
    const bool has_ended = state_->wait(lock, steady_clock::now() + max_destructor_wait, [this] { return state_->has_ended; });
    lock.unlock();
    if (has_ended)
        thread_.join();
    else
        thread_.detach(); // the thread still waits in its write, and co-owns the state that it needs
}

void line_writer::append(std::string line, importance weight) {
    entry next{std::move(line), 0};
    const std::lock_guard lock{state_->mutex};
    auto& waiting_lines = state_->waiting_lines;
    ++waiting_lines.end;
    const auto limit = weight == importance::high ? state_->capacity : state_->capacity - state_->capacity / 8;
    if (state_->bytes + next.cost() > limit) {
        ++waiting_lines.lost_behind;
        ++state_->dropped;
    } else {
        next.lost_before = std::exchange(waiting_lines.lost_behind, 0);
        state_->bytes += next.cost();
        waiting_lines.entries.push_back(std::move(next));
    }
    state_->work.notify_one();
}

bool line_writer::flush(steady_clock::time_point deadline) {
    std::unique_lock lock{state_->mutex};
    return state_->wait(lock, deadline, [this, end = state_->waiting_lines.end] { return state_->settled_count >= end; });
}

std::uint64_t line_writer::dropped() const noexcept {
    return state_->dropped;
}

} // namespace atrium
