#pragma once

#include "signals.hpp"

#include <app/server.hpp>

#include <mutex>

namespace atrium::app {

/// Determines the exit status of the process, while the server exists and after that: `stop_limit` may need it in the middle of
/// a stop. Any thread.
class verdict {
public:
    /// `end` must outlive this object.
    explicit verdict(const ending& end) : end_{end} {}

    [[nodiscard]] int exit_status() const;

    /// While it exists, the exit status depends on the state of this server.
    class observation {
    public:
        observation(verdict& by, const server& serving) : by_{by} { by_.observe(&serving); }
        ~observation() { by_.observe(nullptr); }
        observation(const observation&) = delete;
        observation& operator=(const observation&) = delete;

    private:
        verdict& by_;
    };

private:
    void observe(const server* serving);

    const ending& end_;
    mutable std::mutex mutex_; // guards the members below
    const server* serving_ = nullptr;
    bool was_lost_ = false;
};

} // namespace atrium::app
