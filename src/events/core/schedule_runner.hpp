#pragma once

#include "core/journal.hpp"
#include "core/runner.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::events {

/// Creates the deliveries of scheduled events when they are due, in commits of bounded size. It is a runner without a row in
/// events_subscription: the journal wakes it as `schedule_id`. Every member runs on the dispatcher's thread.
class schedule_runner final : public runner {
public:
    schedule_runner(const runner_context& c, journal& journal);

private:
    awaitable<bool> run_once() override;

    journal& journal_;
};

} // namespace atrium::events
