#include <base/computation.hpp>
#include <base/processor_time.hpp>

#include <algorithm>

namespace atrium {
namespace {

using namespace std::chrono_literals;
using duration = computation::clock::duration;
using time_point = computation::clock::time_point;

// Reading the processor time of the thread is a system call; reading steady_clock is not. So short slices of a computation are
// measured with steady_clock alone. During a longer slice, the system may have let other threads run. So a longer slice counts
// as no more than the processor time that the thread has used since `thread_state::read_at`. The time between `read_at` and the
// beginning of the slice is less than `min_reading_interval`.
constexpr auto max_short_slice = 5ms;
constexpr auto min_reading_interval = 10ms;

struct thread_state {
    computation* current = nullptr;
    time_point read_at{};
    duration processor_time{}; ///< of this thread at `read_at`
};
constinit thread_local thread_state this_thread{};

} // namespace

computation::~computation() {
    end_slice();
    for (auto* open_pause = pauses_; open_pause; open_pause = open_pause->next_)
        open_pause->paused_ = nullptr;
}

computation* computation::current() noexcept {
    return this_thread.current;
}

void computation::leave_thread() noexcept {
    if (this_thread.current) [[unlikely]]
        this_thread.current->end_slice();
}

void computation::begin_slice(clock::time_point now) noexcept {
    if (this_thread.current == this)
        return;
    if (this_thread.current)
        this_thread.current->end_slice(now);
    if (now - this_thread.read_at >= min_reading_interval) {
        this_thread.read_at = now;
        this_thread.processor_time = thread_processor_time();
    }
    this_thread.current = this;
    slice_begin_ = now;
}

void computation::end_slice(clock::time_point now) noexcept {
    if (this_thread.current != this)
        return;
    this_thread.current = nullptr;
    const auto slice = slice_until(now);
    used_time_ += slice;
    count(slice, now);
}

void computation::restart(clock::time_point now) noexcept {
    end_slice(now);
    used_time_ = {};
    is_client_over_limit_ = false;
    begin_slice(now);
}

computation::stop_cause computation::cause_to_stop(clock::time_point now) const noexcept {
    if (is_client_over_limit_)
        return stop_cause::client;
    if (max_time_ <= 0ms)
        return stop_cause::none;
    if (this_thread.current != this)
        return used_time_ < max_time_ ? stop_cause::none : stop_cause::limit;
    const auto may_be_over = used_time_ + (now - slice_begin_) >= max_time_; // usually avoids the system call in slice_until
    return may_be_over && used_time_ + slice_until(now) >= max_time_ ? stop_cause::limit : stop_cause::none;
}

computation::pause::pause() noexcept : paused_{current()} {
    if (!paused_)
        return;
    paused_->end_slice();
    next_ = paused_->pauses_;
    link_ = &paused_->pauses_;
    if (next_)
        next_->link_ = &next_;
    *link_ = this;
}

computation::pause::~pause() {
    if (!paused_)
        return;
    *link_ = next_;
    if (next_)
        next_->link_ = link_;
    paused_->begin_slice();
}

duration computation::slice_until(clock::time_point now) const noexcept {
    const auto slice = now - slice_begin_;
    return slice < max_short_slice ? slice : std::min(slice, thread_processor_time() - this_thread.processor_time);
}

} // namespace atrium
