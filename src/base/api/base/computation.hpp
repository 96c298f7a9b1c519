#pragma once

#include <chrono>

namespace atrium {

/// Work that is done for one client, in slices: between two of them its coroutine waits, and the thread works for others.
/// Measures how long the slices take, and knows whether the work may continue.
///
/// Whatever suspends a coroutine until something outside of it happens puts a `pause` around that wait. The work itself calls
/// `begin_slice` before each of its steps: if a pause is missing somewhere, too much is counted until then (at most what the
/// thread has computed meanwhile) or too little. One thread. A derived class ends the slice in its destructor.
class computation {
public:
    using clock = std::chrono::steady_clock;

    /// Why the work is to end.
    enum class stop_cause {
        none,
        limit,  ///< it has computed for as long as it may
        client, ///< all that is done for its client has computed for as long as it may
    };

    computation() = default;
    virtual ~computation();
    computation(const computation&) = delete;
    computation& operator=(const computation&) = delete;

    /// What the calling thread works for; null if that is not measured.
    [[nodiscard]] static computation* current() noexcept;
    /// The thread turns to work of another kind.
    static void leave_thread() noexcept;

    /// The thread works for this until `end_slice`, `leave_thread`, or until another computation begins a slice.
    void begin_slice(clock::time_point now = clock::now()) noexcept;
    /// Without effect if the thread works for another one.
    void end_slice(clock::time_point now = clock::now()) noexcept;

    /// How long all slices together may take; zero for no limit.
    void set_limit(clock::duration max) noexcept { max_ = max; }
    /// Counts from zero again: for work that begins anew with each event.
    void restart(clock::time_point now = clock::now()) noexcept;

    [[nodiscard]] stop_cause cause_to_stop(clock::time_point now = clock::now()) const noexcept;

    /// While it exists, the thread does not work for the computation that was the current one, which may end meanwhile.
    class pause {
    public:
        pause() noexcept;
        ~pause();
        pause(const pause&) = delete;
        pause& operator=(const pause&) = delete;

    private:
        friend class computation;

        computation* paused_;    ///< null if there was no computation, or it has ended
        pause* next_ = nullptr;  ///< of the same computation
        pause** link_ = nullptr; ///< to this one
    };

protected:
    /// A slice has ended.
    virtual void count(clock::duration /*slice*/, clock::time_point /*now*/) noexcept {}
    /// Whether the client has used up what all its work may compute.
    void end_client() noexcept { is_client_over_ = true; }

private:
    [[nodiscard]] clock::duration slice_until(clock::time_point now) const noexcept;

    clock::duration max_{};
    clock::duration used_{}; ///< by slices that have ended
    clock::time_point began_{};
    bool is_client_over_ = false;
    pause* pauses_ = nullptr;
};

} // namespace atrium
