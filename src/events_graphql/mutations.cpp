#include "argument_reader.hpp"
#include "declarations.hpp"

#include <base/ids.hpp>
#include <event_requests/bulk.hpp>
#include <resource/graphql.hpp>

#include <string>
#include <utility>

namespace atrium::events_graphql {
namespace {

using event_requests::bulk_result;
using event_requests::event_schemas;
using graphql::field_call;
using resource::call_of;

// The arguments that select dead letters, those of every bulk action, and those that select a range of the journal.
constexpr std::string_view dead_letter_arguments =
    "ids: [ID!], subscription: String, topic: String, key: String, error: String, since: DateTime, until: DateTime, group: ID";
constexpr std::string_view bulk_arguments = "all: Boolean, dryRun: Boolean, reason: String";
constexpr std::string_view range_arguments = "subscription: String!, from: ID, to: ID, topic: String";

std::string signature(std::string_view name, std::initializer_list<std::string_view> arguments) {
    std::string text{name};
    for (const auto each : arguments)
        text.append(text.size() == name.size() ? "(" : ", ").append(each);
    return text.append("): BulkResult!");
}

template <class Request>
awaitable<result<bulk_result>> perform(events::operations& operations, const field_call& field, result<Request> request,
                                       event_requests::bulk_action<Request> act) {
    if (!request)
        co_return request.error();
    co_return co_await act(operations, *std::move(request), call_of(field.context));
}

awaitable<result<bulk_result>> retry(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    return perform(operations, field, event_requests::read_retry(reader), event_requests::retry);
}

awaitable<result<bulk_result>> discard(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    return perform(operations, field, event_requests::read_discard(reader), event_requests::discard);
}

awaitable<result<bulk_result>> replay(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments, {"subscription"});
    auto request = event_requests::read_replay(reader, field.arguments.get<std::string>("subscription"));
    return perform(operations, field, std::move(request), event_requests::replay);
}

awaitable<result<bulk_result>> resend(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    return perform(operations, field, event_requests::read_resend(reader), event_requests::resend);
}

awaitable<result<bool>> set_paused(events::operations& operations, const field_call& field, bool is_paused) {
    auto reader = read_arguments(field.arguments, {"subscription"});
    auto reason = event_requests::read_reason_only(reader);
    if (!reason)
        co_return reason.error();
    auto name = field.arguments.get<std::string>("subscription");
    auto origin = event_requests::initiator_of(call_of(field.context), *std::move(reason));
    result<> done;
    if (is_paused)
        done = co_await operations.pause(std::move(name), std::move(origin));
    else
        done = co_await operations.resume(std::move(name), std::move(origin));
    if (!done)
        co_return done.error();
    co_return true;
}

awaitable<result<events::event>> publish(events::operations& operations, const event_schemas& schemas,
                                         const field_call& field) {
    auto reader = read_arguments(field.arguments);
    auto request = event_requests::read_publication(reader, schemas);
    if (!request)
        co_return request.error();
    co_return co_await event_requests::publish(operations, *std::move(request), call_of(field.context));
}

awaitable<result<events::event>> edit(events::operations& operations, const event_schemas& schemas, const field_call& field) {
    auto reader = read_arguments(field.arguments, {"id"});
    auto request = event_requests::read_correction(reader);
    if (!request)
        co_return request.error();
    auto id = field.arguments.get<std::string>("id");
    co_return co_await event_requests::edit(operations, schemas, std::move(id), *std::move(request), call_of(field.context));
}

awaitable<result<events::bulk_operation>> cancel(events::operations& operations, const field_call& field) {
    const auto id = parse_id(field.arguments.get<std::string_view>("id"));
    if (!id)
        co_return error{.code = errc::not_found, .detail = "there is no such operation"};
    co_return co_await operations.cancel_operation(events::operation_id{*id});
}

awaitable<result<bool>> drain(events::durable_bus& bus) {
    const auto drained = co_await bus.drain();
    if (!drained)
        co_return drained.error();
    co_return true;
}

void add_bulk_mutations(graphql::object_builder<graphql::root> mutation, events::operations& operations) {
    mutation
        .root(signature("retry", {dead_letter_arguments, bulk_arguments}),
              "Delivers dead letters again. `all` is required if nothing else selects them; `dryRun` only counts.",
              [&operations](const field_call& field) { return retry(operations, field); })
        .scope("events:operate");
    mutation
        .root(signature("discard", {dead_letter_arguments, bulk_arguments}),
              "Moves dead letters to the archive. `reason` is required.",
              [&operations](const field_call& field) { return discard(operations, field); })
        .scope("events:operate");
    mutation
        .root(signature("replay", {range_arguments, "replay: String", bulk_arguments}),
              "Delivers events of the journal to a subscription again. `from` and `to` are each the seq of an event or a "
              "time. Replays with the same id `replay` deliver each event once.",
              [&operations](const field_call& field) { return replay(operations, field); })
        .scope("events:operate");
    mutation
        .root(signature("resend", {range_arguments, bulk_arguments}),
              "Sends events of the journal to a subscription at the broker again.",
              [&operations](const field_call& field) { return resend(operations, field); })
        .scope("events:operate");
    mutation
        .root("cancelOperation(id: ID!): BulkOperation!", "Stops an action; what it has done remains done.",
              [&operations](const field_call& field) { return cancel(operations, field); })
        .scope("events:operate");
}

} // namespace

void add_mutations(graphql::schema_builder& schema, events::durable_bus& bus, const event_schemas& schemas) {
    auto& operations = bus.operations();
    auto mutation = schema.mutation();
    mutation
        .root("pause(subscription: String!, reason: String): Boolean!",
              "Stops the delivery of events to a subscription; they wait in the journal.",
              [&operations](const field_call& field) { return set_paused(operations, field, true); })
        .scope("events:operate");
    mutation
        .root("resume(subscription: String!, reason: String): Boolean!", "Resumes the delivery of events to a subscription.",
              [&operations](const field_call& field) { return set_paused(operations, field, false); })
        .scope("events:operate");
    add_bulk_mutations(mutation, operations);
    mutation
        .root("edit(id: ID!, data: JSON!, reason: String): Event!",
              "Publishes a corrected event in place of a dead letter, and returns it.",
              [&operations, &schemas](const field_call& field) { return edit(operations, schemas, field); })
        .scope("events:operate");
    mutation
        .root("publish(topic: String!, key: String, data: JSON!, priority: Int, deliverAt: DateTime, reason: String): Event!",
              "Publishes an event by hand, and returns it.",
              [&operations, &schemas](const field_call& field) { return publish(operations, schemas, field); })
        .scope("events:operate");
    mutation
        .root("drain: Boolean!", "Drains this server's messages from the broker.",
              [&bus](const field_call&) { return drain(bus); })
        .scope("events:operate");
}

} // namespace atrium::events_graphql
