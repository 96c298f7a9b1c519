#include <config/schema.hpp>
#include <events/settings.hpp>

// Each function names all members of its struct: a member that is added does not compile until it is declared as well.

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

void declare_retry(config::schema& schema, retry_policy& retry) {
    auto& [attempts, first_delay, longest_delay] = retry;
    schema.section("events.retry", "When the handling of an event that failed is tried again.");
    schema.integer("events.retry.attempts", attempts, 1, 1'000,
                   "How often it is tried before it becomes a dead letter, which waits for a person.");
    schema.duration("events.retry.first_delay", first_delay, 1ms, 24h,
                    "Before the second attempt; doubled for each further one.");
    schema.duration("events.retry.longest_delay", longest_delay, 1ms, 24h * 7, "Between two attempts, at the most.");
    schema.rule({"events.retry.longest_delay", "events.retry.first_delay"}, [&retry]() -> std::vector<std::string> {
        if (retry.longest_delay >= retry.first_delay)
            return {};
        return {"events.retry.longest_delay is shorter than events.retry.first_delay; it can be equal or longer"};
    });
}

void declare_retention(config::schema& schema, retention_policy& retention) {
    auto& [age, count, every] = retention;
    schema.section("events.retention",
                   "How much history is kept. What is not handled yet, and dead letters, stay in any case.");
    schema.duration("events.retention.age", age, 1h, 24h * 3650, "Older events are removed.");
    schema.integer("events.retention.count", count, 0, 1'000'000'000'000,
                   "Events beyond this number are removed, the oldest first.");
    schema.duration("events.retention.every", every, 10ms, 24h, "How often to look for events to remove.");
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    auto& [retry, retention, force_adapter] = settings;
    static_cast<void>(force_adapter); // comes from the command line alone: --force
    declare_retry(schema, retry);
    declare_retention(schema, retention);
}

} // namespace atrium::events
