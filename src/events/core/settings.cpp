#include <config/schema.hpp>
#include <events/settings.hpp>

// Each function names all members of its struct. So if a member is added, the program does not compile until the member is
// declared here.

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

void declare_retry(config::schema& schema, retry_policy& retry) {
    auto& [attempts, first_delay, max_delay] = retry;
    schema.section(
        "events.retry",
        "When a failed delivery of an event is tried again. Each delay is varied at random, by up to half of its length.");
    schema.integer("events.retry.attempts", attempts, 1, 1'000,
                   "Number of attempts after which a delivery becomes a dead letter, which waits for an operator.");
    schema.duration("events.retry.first_delay", first_delay, 1ms, 24h,
                    "Delay before the second attempt; it doubles with each further attempt.");
    schema.duration(
        "events.retry.longest_delay", max_delay, 1ms, 24h * 7,
        "Length up to which the delay between two attempts grows. Each delay is then multiplied by a random factor from 0.5 "
        "to 1.5. Must not be shorter than events.retry.first_delay.");
    schema.rule({"events.retry.longest_delay", "events.retry.first_delay"}, [&retry]() -> std::vector<std::string> {
        if (retry.max_delay >= retry.first_delay)
            return {};
        return {"events.retry.longest_delay is shorter than events.retry.first_delay; it can be equal or longer"};
    });
}

void declare_retention(config::schema& schema, retention_policy& retention) {
    auto& [age, count, every] = retention;
    schema.section(
        "events.retention",
        "When old events are removed. Dead letters and events that are not handled yet are never removed by these rules.");
    schema.duration("events.retention.age", age, 1h, 24h * 3650, "Age at which events are removed.");
    schema.integer("events.retention.count", count, 0, 1'000'000'000'000,
                   "Maximum number of events to keep; the oldest are removed first.");
    schema.duration("events.retention.every", every, 10ms, 24h, "How often the server looks for events to remove.");
}

void declare_dead_letters(config::schema& schema, dead_letter_policy& dead_letters) {
    auto& [age, count] = dead_letters;
    schema.section("events.dead_letters",
                   "How long dead letters wait for an operator. Beyond these limits the oldest are moved to the archive, which "
                   "keeps them for events.retention.age.");
    schema.duration("events.dead_letters.age", age, 1h, 24h * 3650, "Age at which a dead letter is moved to the archive.");
    schema.integer("events.dead_letters.count", count, 0, 1'000'000'000,
                   "Maximum number of dead letters; beyond it, the oldest are moved to the archive.");
}

void declare_feed(config::schema& schema, feed_settings& feed) {
    auto& [followers] = feed;
    schema.section("events.feed", "Followers, which read the journal as a stream of events, such as GraphQL subscriptions.");
    schema.integer("events.feed.followers", followers, 1, 10'000'000,
                   "Maximum number of subscriptions to events that all clients together may have at the same time; further "
                   "ones are refused.");
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    auto& [retry, retention, dead_letters, feed, force_adapter] = settings;
    static_cast<void>(force_adapter); // set only on the command line: --force
    declare_retry(schema, retry);
    declare_retention(schema, retention);
    declare_dead_letters(schema, dead_letters);
    declare_feed(schema, feed);
}

} // namespace atrium::events
