#pragma once

#include "signals.hpp"

#include <app/server.hpp>

#include <mutex>

namespace atrium::app {

/// The exit status of a server's process, while the server lives and after it: `stop_limit` may need it in the middle of a
/// stop. Any thread.
class verdict {
public:
    /// `end` must outlive this object.
    explicit verdict(const ending& end) : end_{end} {}

    [[nodiscard]] int exit_status() const;

    /// Looks at the server as long as this object lives.
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
    mutable std::mutex mutex_; // guards what follows
    const server* serving_ = nullptr;
    bool was_lost_ = false;
};

} // namespace atrium::app
