#include "verdict.hpp"

#include <app/command_line.hpp>

namespace atrium::app {

int verdict::exit_status() const {
    const std::lock_guard lock{mutex_};
    const bool is_lost = serving_ ? serving_->has_lost_database() : was_lost_;
    return end_.is_database_broken() || is_lost ? exit_failure : exit_success;
}

void verdict::observe(const server* serving) {
    const std::lock_guard lock{mutex_};
    was_lost_ = serving_ && serving_->has_lost_database();
    serving_ = serving;
}

} // namespace atrium::app
