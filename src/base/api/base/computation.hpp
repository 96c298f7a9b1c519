#pragma once

#include <chrono>

namespace atrium {

/// Work for one client, done in slices: between two slices its coroutine waits, and the thread works for other clients.
/// Measures how long the slices take, and reports whether the work may continue.
///
/// If a function suspends a coroutine until something outside of the coroutine happens, the function creates a `pause` for the
/// time of this wait. The work itself calls `begin_slice` before each of its steps, so if a pause is missing somewhere, the
/// measurement is wrong only until the next step (by at most the time that the thread has computed in the meantime). Used by
/// one thread. A derived class must end the slice in its destructor, because its `count` can no longer be called in the
/// destructor of this class.
class computation {
public:
    using clock = std::chrono::steady_clock;

    /// Why the work must end.
    enum class stop_cause {
        none,
        limit,  ///< the computation has used up its own limit
        client, ///< all computations for the client together have used up the limit of the client
    };

    computation() = default;
    virtual ~computation();
    computation(const computation&) = delete;
    computation& operator=(const computation&) = delete;

    /// The computation that the calling thread currently works for; null if its work is not measured.
    [[nodiscard]] static computation* current() noexcept;
    /// Ends the current slice of the calling thread, which continues with work that is not measured.
    static void leave_thread() noexcept;

    /// From now on, the calling thread works for this computation, until `end_slice` or `leave_thread` is called, or until
    /// another computation begins a slice.
    void begin_slice(clock::time_point now = clock::now()) noexcept;
    /// Does nothing if the calling thread does not work for this computation.
    void end_slice(clock::time_point now = clock::now()) noexcept;

    /// Limits how long all slices together may take; zero means no limit.
    void set_limit(clock::duration max_time) noexcept { max_time_ = max_time; }
    /// Resets the used time and begins a slice. This is for work that starts again with each event.
    void restart(clock::time_point now = clock::now()) noexcept;

    [[nodiscard]] stop_cause cause_to_stop(clock::time_point now = clock::now()) const noexcept;

    /// While a pause exists, the thread does not work for the computation that was current before. That computation may be
    /// destroyed in the meantime. If it still exists, the end of the pause begins its next slice.
    class pause {
    public:
        pause() noexcept;
        ~pause();
        pause(const pause&) = delete;
        pause& operator=(const pause&) = delete;

    private:
        friend class computation;

        computation* paused_;    ///< null if no computation was current, or if it has been destroyed
        pause* next_ = nullptr;  ///< the next pause of the same computation
        pause** link_ = nullptr; ///< the pointer to this pause, in the computation or in the previous pause
    };

protected:
    /// Called at the end of each slice, with its length and the current time.
    virtual void count(clock::duration /*slice*/, clock::time_point /*now*/) noexcept {}
    /// Records that all computations for the client together have used up the limit of the client.
    void report_client_limit() noexcept { is_client_over_limit_ = true; }

private:
    [[nodiscard]] clock::duration slice_until(clock::time_point now) const noexcept;

    clock::duration max_time_{};
    clock::duration used_time_{}; ///< the total length of the slices that have ended
    clock::time_point slice_begin_{};
    bool is_client_over_limit_ = false;
    pause* pauses_ = nullptr; ///< the first pause of a list
};

} // namespace atrium
