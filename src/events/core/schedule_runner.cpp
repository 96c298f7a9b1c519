#include "core/schedule_runner.hpp"

namespace atrium::events {
namespace {

constexpr int max_events_per_step =
    128; ///< max number of events that one function on the writer delivers, in a few milliseconds

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
        context_.log.error("a scheduled event is due, but the journal does not hold it any more: the database was modified or "
                           "is damaged",
                           {{"seq", seq.value}});
    co_return true;
}

} // namespace atrium::events
