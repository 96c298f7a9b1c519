#pragma once

#include "signals.hpp"

#include <app/server.hpp>

#include <mutex>

namespace atrium::app {

/// Determines the exit status of the process. The status can be read while the server exists, because `stop_limit` may need it
/// while the server stops. It can also be read after the server has been destroyed. Can be used on any thread.
class process_outcome {
public:
    /// `shutdown` must outlive this object.
    explicit process_outcome(const shutdown_signal& shutdown) : shutdown_{shutdown} {}

    [[nodiscard]] int exit_status() const;

    /// While an observation exists, the exit status depends on the state of its server.
    class observation {
    public:
        observation(process_outcome& outcome, const server& observed_server) : outcome_{outcome} {
            outcome_.observe(&observed_server);
        }
        ~observation() { outcome_.observe(nullptr); }
        observation(const observation&) = delete;
        observation& operator=(const observation&) = delete;

    private:
        process_outcome& outcome_;
    };

private:
    void observe(const server* observed_server);

    const shutdown_signal& shutdown_;
    mutable std::mutex mutex_; // guards the members below
    const server* server_ = nullptr;
    bool was_database_lost_ = false;
};

} // namespace atrium::app
