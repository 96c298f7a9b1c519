#include "declarations.hpp"

#include <event_requests/bulk.hpp>
#include <graphql/scalars.hpp>

#include <optional>
#include <string>

namespace atrium::events_graphql {
namespace {

using events::bulk_operation;
using events::bulk_state;
using events::bulk_verb;
using events::dead_letter;
using events::delivery_failure;
using events::delivery_journey;
using events::delivery_state;
using events::failure_group;
using events::journey;
using events::subscription_state;

std::optional<std::string> text_or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
}

void add_event(graphql::schema_builder& schema) {
    using events::event;
    auto type = schema.object<event>("Event", "Something that happened, with the attributes of CloudEvents 1.0.");
    type.field("seq: ID!", "Position in the journal of this process. Events are listed and streamed in this order.",
               &event::seq);
    type.field("id: ID!", "A UUID, which is the same in every process.", &event::id);
    type.field("topic: String!", &event::topic);
    type.field("key: String!", "The subject of the event. Events with the same key keep their order.", &event::key);
    type.field("source: String!", &event::source);
    type.field("time: DateTime!", &event::time);
    type.field("priority: Int!", "0 to 9; events with a higher priority are handled earlier.", &event::priority);
    type.field("traceparent: String!", "The W3C trace context of what caused the event.", &event::traceparent);
    type.row("data: JSON!", [](const event& e) { return graphql::raw_json{e.data}; }).reads(&event::data);
}

void add_count(graphql::schema_builder& schema) {
    using events::capped_count;
    auto type = schema.object<capped_count>("CappedCount", "A count that stops at a limit, because counting costs time.");
    type.field("count: Int!", &capped_count::count);
    type.field("capped: Boolean!", "Whether there are more than `count`.", &capped_count::capped);
}

void add_failure(graphql::schema_builder& schema) {
    auto type = schema.object<delivery_failure>("DeliveryError", "A failed run of a handler.");
    type.field("at: DateTime!", &delivery_failure::at);
    type.field("error: String!", &delivery_failure::error);
    type.field("attempt: Int!", "1 for the first run; begins again at 1 after a retry by an operator.",
               &delivery_failure::attempt);
}

void add_journey(graphql::schema_builder& schema) {
    schema.enumeration<delivery_state>(
        "DeliveryState", "The progress of a subscription with an event.",
        {{delivery_state::scheduled, "SCHEDULED", "Waits until the event is due."},
         {delivery_state::handled, "HANDLED"},
         {delivery_state::queued, "QUEUED", "Waits for an earlier event of its key."},
         {delivery_state::ready, "READY", "Is handled as soon as its handler is free."},
         {delivery_state::backoff, "BACKOFF", "Has failed and waits for its next attempt."},
         {delivery_state::dead, "DEAD", "Is a dead letter."},
         {delivery_state::discarded, "DISCARDED",
          "Was a dead letter that was discarded or edited, or that was removed because of a limit."},
         {delivery_state::at_broker, "AT_BROKER",
          "Was sent to a broker. Either this process has not received it yet, or another process receives it."}});
    auto delivery = schema.object<delivery_journey>("EventDelivery", "What has happened to an event in one subscription.");
    delivery.field("name: String!", "The subscription.", &delivery_journey::subscription);
    delivery.field("state: DeliveryState!", &delivery_journey::state);
    delivery.field("position: CappedCount!", "How many pending deliveries of its key are before it.",
                   &delivery_journey::position);
    delivery.field("attempts: Int!", "How many runs of the handler have failed.", &delivery_journey::attempts);
    delivery.field("due: DateTime",
                   "When the event is due, if it is scheduled; when the next attempt begins, if an attempt has failed.",
                   &delivery_journey::due);
    delivery.row("replay: String", "The id of the replay; null if this is not a replay.",
                 [](const delivery_journey& d) { return text_or_null(d.replay); });
    delivery.row("deadLetter: ID", "The id of the dead letter; null if this is not one.",
                 [](const delivery_journey& d) { return text_or_null(d.dead_letter); });
    delivery.field("errors: [DeliveryError!]!", "The last errors, oldest first.", &delivery_journey::failures);

    auto type = schema.object<journey>("EventJourney", "An event, what caused it, and what became of it.");
    type.field("event: Event!", &journey::event);
    type.row("requestId: String", "The request that caused it, if it is known.",
             [](const journey& j) { return text_or_null(j.request_id); });
    type.row("editedFrom: ID", "The dead letter that this event corrects.",
             [](const journey& j) { return text_or_null(j.edited_from); });
    type.field("subscriptions: [EventDelivery!]!", "The subscriptions whose topics match.", &journey::deliveries);
}

void add_subscription(graphql::schema_builder& schema) {
    auto type = schema.object<subscription_state>("EventSubscription", "A recorded subscription, or an outlet to a broker.");
    type.field("name: ID!", &subscription_state::name);
    type.field("topics: [String!]!", &subscription_state::topics);
    type.field("pending: CappedCount!", "Deliveries that are not handled yet.", &subscription_state::pending);
    type.field("ready: CappedCount!", &subscription_state::ready);
    type.field("backoff: CappedCount!", "Deliveries that have failed and wait for their next attempt.",
               &subscription_state::backoff);
    type.field("dead: CappedCount!", "Dead letters.", &subscription_state::dead);
    type.row("oldestPendingMs: Float!", "Age of the oldest pending event.",
             [](const subscription_state& s) { return static_cast<double>(s.oldest.count()); });
    type.field("rate: Float!", "Deliveries handled by this process per second, averaged over the last minute.",
               &subscription_state::rate);
    type.row("lastError: String", [](const subscription_state& s) { return text_or_null(s.last_error); });
    type.field("lastErrorAt: DateTime", &subscription_state::last_failure);
    type.field("paused: Boolean!", &subscription_state::paused);
    type.field(
        "claimed: Boolean!",
        "Whether a module that the program contains has this subscription, even if the module does not run in this process.",
        &subscription_state::claimed);
    type.field("active: Boolean!",
               "Whether this process has the handler of this subscription, even if the subscription is paused.",
               &subscription_state::active);
}

void add_dead_letter(graphql::schema_builder& schema) {
    auto type = schema.object<dead_letter>("DeadLetter", "A delivery that is no longer attempted.");
    type.field("id: ID!", &dead_letter::id);
    type.field("subscription: String!", &dead_letter::subscription);
    type.row("seq: ID!", [](const dead_letter& d) { return d.event.seq; });
    type.row("topic: String!", [](const dead_letter& d) { return d.event.topic; });
    type.row("key: String!", [](const dead_letter& d) { return d.event.key; });
    type.field("attempts: Int!", &dead_letter::attempts);
    type.field("error: String!", "The last error.", &dead_letter::last_error);
    type.field("errors: [DeliveryError!]!", "The last errors, oldest first.", &dead_letter::failures);
    type.field("diedAt: DateTime!", "When it became a dead letter.", &dead_letter::died);
    type.field("group: ID!", "The failure group to which it belongs.", &dead_letter::group);
    type.row("event: Event", "Null if the journal no longer has the event.",
             [](const dead_letter& d) { return d.event.id.empty() ? nullptr : &d.event; });
}

void add_group(graphql::schema_builder& schema) {
    auto type = schema.object<failure_group>(
        "FailureGroup",
        "Dead letters of one subscription and topic whose errors differ only in numbers, ids and quoted texts.");
    type.field("id: ID!", &failure_group::id);
    type.field("subscription: String!", &failure_group::subscription);
    type.field("topic: String!", &failure_group::topic);
    type.field("error: String!", "The common error; `?` stands for the parts that differ.", &failure_group::error);
    type.field("count: CappedCount!", "How many dead letters belong to it.", &failure_group::letters);
    type.field("first: DateTime!", &failure_group::first);
    type.field("last: DateTime!", &failure_group::last);
    type.field("example: ID!", "The id of one of these dead letters.", &failure_group::example);
}

void add_operation(graphql::schema_builder& schema) {
    schema.enumeration<bulk_verb>("BulkVerb", "What an action does.",
                                  {{bulk_verb::retry, "RETRY"},
                                   {bulk_verb::discard, "DISCARD"},
                                   {bulk_verb::replay, "REPLAY"},
                                   {bulk_verb::resend, "RESEND"}});
    schema.enumeration<bulk_state>("BulkState", "The progress of an action.",
                                   {{bulk_state::running, "RUNNING"},
                                    {bulk_state::done, "DONE"},
                                    {bulk_state::cancelled, "CANCELLED", "What was done before remains done."}});
    auto type = schema.object<bulk_operation>("BulkOperation", "An action on many events or dead letters.");
    type.field("id: ID!", &bulk_operation::id);
    type.field("verb: BulkVerb!", &bulk_operation::verb);
    type.field("state: BulkState!", &bulk_operation::state);
    type.row("filter: JSON!", [](const bulk_operation& o) { return graphql::raw_json{o.filter.empty() ? "{}" : o.filter}; });
    type.row("replay: String", "The id of the replay; null for all other actions.",
             [](const bulk_operation& o) { return text_or_null(o.replay); });
    type.field("matched: Int!", "How many matches the filter had when the action began.", &bulk_operation::matched);
    type.field("done: Int!", &bulk_operation::done);
    type.field("skipped: Int!", "How many matches were left unchanged.", &bulk_operation::skipped);
    type.row("who: String!", [](const bulk_operation& o) { return o.origin.principal; }); // style: as is
    type.row("reason: String!", [](const bulk_operation& o) { return o.origin.reason; });
    type.field("beganAt: DateTime!", &bulk_operation::began);
    type.field("endedAt: DateTime", &bulk_operation::ended);

    using event_requests::bulk_result;
    auto result = schema.object<bulk_result>("BulkResult", "The result of an action. Its counts grow while the action runs.");
    result.field("matched: Int!", &bulk_result::matched);
    result.field("done: Int!", &bulk_result::done);
    result.field("operation: BulkOperation", "Null for a dry run.", &bulk_result::operation);
}

} // namespace

void add_objects(graphql::schema_builder& schema) {
    add_event(schema);
    add_count(schema);
    add_failure(schema);
    add_journey(schema);
    add_subscription(schema);
    add_dead_letter(schema);
    add_group(schema);
    add_operation(schema);
}

} // namespace atrium::events_graphql
