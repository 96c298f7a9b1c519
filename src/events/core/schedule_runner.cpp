#include "core/schedule_runner.hpp"

namespace atrium::events {
namespace {

/// The max number of due events that one write delivers, so that it occupies the writer for only a few milliseconds.
constexpr int max_events_per_step = 128;

} // namespace

schedule_runner::schedule_runner(const runner_context& c, journal& journal)
    : runner{c, {.name = "events.schedule", .topics = {}}, schedule_id}, journal_{journal} {}

awaitable<bool> schedule_runner::run_once() {
    const auto next = co_await context_.store.read(
        [](storage::snapshot& s) -> result<std::optional<timestamp>> { return table::next_scheduled(s); });
    if (!next)
        throw storage::outage{next.error().detail};
    if (!*next)
        co_return false; // a commit with a scheduled event wakes this runner
    if (**next > context_.time.now()) {
        wake_at(**next);
        co_return false;
    }
    const auto done = co_await context_.store.write(
        [this](storage::transaction& t) -> result<journal::due_events> { return journal_.deliver_due(t, max_events_per_step); },
        storage::write_priority::internal);
    if (!done)
        throw storage::outage{done.error().detail};
    count_handled(static_cast<double>(done->delivered));
    for (const auto seq : done->lost)
        context_.log.error(
            "a scheduled event is due, but the event log no longer contains it: another program has modified the "
            "database, or the database is damaged",
            {{"seq", seq.value}});
    co_return true;
}

} // namespace atrium::events
