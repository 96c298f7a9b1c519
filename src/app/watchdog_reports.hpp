#pragma once

#include "service_manager.hpp"

#include <app/server.hpp>

#include <memory>
#include <thread>

namespace atrium::app {

/// Reports to the service manager that the server works, as long as the writer of the database and every worker respond. The
/// interval between two reports is half of the time that the manager allows. If a thread does not respond, nothing is reported,
/// so the manager ends the process. Does nothing if no manager expects such reports. Has a thread of its own.
class watchdog_reports {
public:
    /// The server must have been started. Both objects must outlive this one.
    watchdog_reports(const service_manager& manager, server& observed_server);
    /// Like `stop`.
    ~watchdog_reports();
    watchdog_reports(const watchdog_reports&) = delete;
    watchdog_reports& operator=(const watchdog_reports&) = delete;

    /// Ends the reports. Does not wait for responses. Call it before the server is stopped. Idempotent.
    void stop();

private:
    struct state;

    void run();

    const service_manager& manager_;
    server& server_;
    std::shared_ptr<state> state_; ///< shared with the responses, which may come later
    std::thread thread_;
};

} // namespace atrium::app
