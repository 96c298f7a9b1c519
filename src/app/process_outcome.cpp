#include "process_outcome.hpp"

#include <app/command_line.hpp>

namespace atrium::app {

int process_outcome::exit_status() const {
    const std::lock_guard lock{mutex_};
    const bool is_database_lost = server_ ? server_->has_lost_database() : was_database_lost_;
    return shutdown_.is_database_broken() || is_database_lost ? exit_failure : exit_success;
}

void process_outcome::observe(const server* observed_server) {
    const std::lock_guard lock{mutex_};
    was_database_lost_ = server_ && server_->has_lost_database();
    server_ = observed_server;
}

} // namespace atrium::app
