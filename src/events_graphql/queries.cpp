#include "argument_reader.hpp"
#include "declarations.hpp"

#include <base/cooperative_yield.hpp>
#include <base/ids.hpp>
#include <event_requests/requests.hpp>
#include <events/operations.hpp>
#include <resource/graphql.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::events_graphql {
namespace {

using events::event_seq;
using graphql::field_call;

/// Max number of items that are read with one call of `events::operations`.
constexpr std::int64_t max_items_at_once = 100;

template <class T>
using rows = awaitable<result<std::vector<T>>>;

std::int64_t read_first(input::reader& reader) {
    return reader.integer("first", 0, event_requests::max_limit).value_or(event_requests::default_limit);
}

/// Reads a list of up to `first` items. A page of `events::operations` can have too few items, because only some of the rows
/// that were read match. In that case the next page is read as well. Errors: unavailable (too many pages had too few items).
/// @param read returns awaitable<result<events::list_page<T, Position>>> for a position and a number of items
template <class T, class Position, class Read>
rows<T> read_list(std::int64_t first, std::optional<Position> after, Read read) {
    std::vector<T> all;
    cooperative_yield own_turn;
    for (int sparse_pages = 0; first > 0 && sparse_pages < resource::max_pages_of_list;) {
        const auto count = std::min(first, max_items_at_once);
        auto page = co_await read(after, static_cast<int>(count));
        if (!page)
            co_return page.error();
        const auto read_count = static_cast<std::int64_t>(page->items.size());
        first -= read_count;
        std::ranges::move(page->items, std::back_inserter(all));
        after = std::move(page->next);
        if (!after)
            co_return all;
        if (read_count < count)
            ++sparse_pages;
        co_await own_turn.yield_if_due();
    }
    if (first > 0)
        co_return error{.code = errc::unavailable,
                        .detail = "too many rows were read that do not match; use other filters, or read the list by REST"};
    co_return all;
}

rows<events::event> list_events(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    const auto request = event_requests::read_event_list(reader);
    const auto first = read_first(reader);
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    const auto read_page = [&](std::optional<event_seq> position, int count) {
        return operations.list_events(request.filter, request.order, position, count);
    };
    co_return co_await read_list<events::event>(first, request.after, read_page);
}

rows<events::dead_letter> list_dead_letters(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    const auto filter = event_requests::read_dead_letter_filter(reader);
    const auto first = read_first(reader);
    const auto after = reader.text("after");
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    const auto read_page = [&](std::optional<std::string> position, int count) {
        return operations.list_dead_letters(filter, std::move(position), count);
    };
    co_return co_await read_list<events::dead_letter>(first, after, read_page);
}

rows<events::failure_group> list_failure_groups(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    const auto filter = event_requests::read_group_filter(reader);
    const auto first = read_first(reader);
    const auto after = event_requests::read_after_id<events::failure_group_id>(reader);
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    const auto read_page = [&](std::optional<events::failure_group_id> position, int count) {
        return operations.list_failure_groups(filter, position, count);
    };
    co_return co_await read_list<events::failure_group>(first, after, read_page);
}

rows<events::bulk_operation> list_operations(events::operations& operations, const field_call& field) {
    auto reader = read_arguments(field.arguments);
    const auto first = read_first(reader);
    const auto after = event_requests::read_after_id<events::operation_id>(reader);
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    const auto read_page = [&](std::optional<events::operation_id> position, int count) {
        return operations.list_operations(position, count);
    };
    co_return co_await read_list<events::bulk_operation>(first, after, read_page);
}

/// The object that was found, or null if it does not exist.
template <class T>
result<std::optional<T>> nullable(result<T> found) {
    if (found)
        return std::optional<T>{*std::move(found)};
    if (found.error().code == errc::not_found)
        return std::optional<T>{};
    return found.error();
}

awaitable<result<std::optional<events::journey>>> find_event(events::operations& operations, const field_call& field) {
    const auto seq = parse_id(field.arguments.get<std::string_view>("seq"));
    if (!seq)
        co_return std::optional<events::journey>{};
    co_return nullable(co_await operations.find_event(event_seq{*seq}));
}

awaitable<result<std::optional<events::bulk_operation>>> find_operation(events::operations& operations,
                                                                        const field_call& field) {
    const auto id = parse_id(field.arguments.get<std::string_view>("id"));
    if (!id)
        co_return std::optional<events::bulk_operation>{};
    co_return nullable(co_await operations.find_operation(events::operation_id{*id}));
}

} // namespace

void add_queries(graphql::schema_builder& schema, events::operations& operations) {
    schema.define("\"The order of a list of events.\" enum EventOrder { OLDEST NEWEST }");
    auto query = schema.query();
    query
        .root(
            "events(first: Int = 100, after: ID, topic: String, key: String, since: DateTime, until: DateTime, trace: "
            "String, order: EventOrder = OLDEST): [Event!]!",
            "Events of the journal. In `topic`, `*` matches one word and `#` any number of words. The next page begins after "
            "the `seq` of the last event. `trace` is the trace id of a request: the 32 hexadecimal digits in its traceparent.",
            [&operations](const field_call& field) { return list_events(operations, field); })
        .scope("events:read")
        .paged("first");
    query
        .root("event(seq: ID!): EventJourney", "An event, and what became of it in each subscription.",
              [&operations](const field_call& field) { return find_event(operations, field); })
        .scope("events:read");
    query
        .root("subscriptions: [EventSubscription!]!", "The subscriptions to events and their backlog.",
              [&operations](const field_call&) { return operations.list_subscriptions(); })
        .scope("events:read");
    query
        .root("deadLetters(first: Int = 100, after: ID, ids: [ID!], subscription: String, topic: String, key: String, error: "
              "String, since: DateTime, until: DateTime, group: ID): [DeadLetter!]!",
              "Deliveries that are no longer attempted. `error` selects those whose error contains this text.",
              [&operations](const field_call& field) { return list_dead_letters(operations, field); })
        .scope("events:read")
        .paged("first");
    query
        .root("failureGroups(first: Int = 100, after: ID, subscription: String, topic: String, error: String, group: ID): "
              "[FailureGroup!]!",
              "Groups of dead letters with similar errors.",
              [&operations](const field_call& field) { return list_failure_groups(operations, field); })
        .scope("events:read")
        .paged("first");
    query
        .root("operation(id: ID!): BulkOperation", "The progress of an action.",
              [&operations](const field_call& field) { return find_operation(operations, field); })
        .scope("events:read");
    query
        .root("operations(first: Int = 100, after: ID): [BulkOperation!]!", "The actions on many events, newest first.",
              [&operations](const field_call& field) { return list_operations(operations, field); })
        .scope("events:read")
        .paged("first");
}

} // namespace atrium::events_graphql
