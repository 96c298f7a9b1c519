#include "event_answers.hpp"
#include "event_descriptions.hpp"

#include <operations/event_routes.hpp>

namespace atrium::operations {
void event_routes::add_dead_letter_routes(http::router& router) {
    router
        .get("/events/dead-letters", "List the dead letters with their events and errors",
             [this](const http::request& q) { return list_dead_letters(q); })
        .scope("events:read")
        .describe(describe_list("list_dead_letters", "DeadLetter", dead_letter_filters()));
    router
        .get("/events/dead-letters/groups", "List the groups of dead letters with similar errors",
             [this](const http::request& q) { return list_groups(q); })
        .scope("events:read")
        .describe(describe_list("list_failure_groups", "FailureGroup", failure_group_filters()));
    router
        .get("/events/dead-letters/{id}", "Show a dead letter", [this](const http::request& q) { return show_dead_letter(q); })
        .scope("events:read")
        .describe(describe_item("get_dead_letter", "DeadLetter", dead_letter_id()));
    router
        .post(
            "/events/dead-letters/retry", "Deliver dead letters again", [this](const http::request& q) { return retry(q); },
            http::check_creation_early)
        .scope("events:operate")
        .describe(describe_bulk_action("retry_dead_letters", "RetryRequest"));
    router
        .post(
            "/events/dead-letters/discard", "Move dead letters to the archive",
            [this](const http::request& q) { return discard(q); }, http::check_creation_early)
        .scope("events:operate")
        .describe(describe_bulk_action("discard_dead_letters", "DiscardRequest"));
    router
        .post(
            "/events/dead-letters/{id}/edit", "Publish a corrected event in place of a dead letter",
            [this](const http::request& q) { return edit(q); }, http::check_creation_early)
        .scope("events:operate")
        .describe(describe_publication("edit_dead_letter", "CorrectionRequest", {dead_letter_id()}));
    router
        .get("/events/archive", "List the dead letters that were discarded, edited or removed by a limit",
             [this](const http::request& q) { return list_archive(q); })
        .scope("events:read")
        .describe(describe_list("list_archive", "ArchivedLetter", page_parameters()));
}

awaitable<http::response> event_routes::list_dead_letters(const http::request& q) {
    auto reader = http::read_query(q);
    const auto filter = event_requests::read_dead_letter_filter(reader);
    const auto limit = read_page_limit(reader);
    const auto after = reader.text("after");
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    const auto read_page = [&](std::optional<std::string> position, int count) {
        return event_operations().list_dead_letters(filter, std::move(position), count);
    };
    co_return co_await list_response(q, "/events/dead-letters", limit, after, read_page);
}

awaitable<http::response> event_routes::list_groups(const http::request& q) {
    auto reader = http::read_query(q);
    const auto filter = event_requests::read_group_filter(reader);
    const auto limit = read_page_limit(reader);
    const auto after = event_requests::read_after_id<events::failure_group_id>(reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    const auto read_page = [&](std::optional<events::failure_group_id> position, int count) {
        return event_operations().list_failure_groups(filter, position, count);
    };
    co_return co_await list_response(q, "/events/dead-letters/groups", limit, after, read_page);
}

awaitable<http::response> event_routes::list_archive(const http::request& q) {
    auto reader = http::read_query(q);
    const auto limit = read_page_limit(reader);
    const auto after = event_requests::read_after_id<events::archived_letter_id>(reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    const auto read_page = [&](std::optional<events::archived_letter_id> position, int count) {
        return event_operations().list_archive(position, count);
    };
    co_return co_await list_response(q, "/events/archive", limit, after, read_page);
}

awaitable<http::response> event_routes::show_dead_letter(const http::request& q) {
    if (const auto plain = http::check_no_query(q); !plain)
        co_return http::problem(q, plain.error());
    const auto found = co_await event_operations().find_dead_letter(std::string{q.parameter("id")});
    co_return found ? http::without_caching(http::json(to_json(*found))) : http::problem(q, found.error());
}

awaitable<http::response> event_routes::retry(const http::request& q) {
    return answer_bulk(q, event_operations(), read_action(q, event_requests::read_retry), event_requests::retry);
}

awaitable<http::response> event_routes::discard(const http::request& q) {
    return answer_bulk(q, event_operations(), read_action(q, event_requests::read_discard), event_requests::discard);
}

awaitable<http::response> event_routes::edit(const http::request& q) {
    auto request = read_action(q, event_requests::read_correction);
    if (!request)
        co_return http::problem(q, request.error());
    std::string id{q.parameter("id")};
    co_return published_response(
        q, co_await event_requests::edit(event_operations(), schemas_, std::move(id), *std::move(request), call_of(q)));
}

void event_routes::add_operation_routes(http::router& router) {
    router
        .get("/events/operations", "List the actions on many events, newest first",
             [this](const http::request& q) { return list_operations(q); })
        .scope("events:read")
        .describe(describe_list("list_operations", "Operation", page_parameters()));
    router
        .get("/events/operations/{id}", "Show the progress of an action",
             [this](const http::request& q) { return show_operation(q); })
        .scope("events:read")
        .describe(describe_item("get_operation", "Operation", operation_id()));
    router
        .remove("/events/operations/{id}", "Cancel an action; its effects so far remain",
                [this](const http::request& q) { return cancel_operation(q); })
        .scope("events:operate")
        .describe(describe_item("cancel_operation", "Operation", operation_id()));
}

awaitable<http::response> event_routes::list_operations(const http::request& q) {
    auto reader = http::read_query(q);
    const auto limit = read_page_limit(reader);
    const auto after = event_requests::read_after_id<events::operation_id>(reader);
    if (const auto read = reader.finish(); !read)
        co_return http::problem(q, read.error());
    const auto read_page = [&](std::optional<events::operation_id> position, int count) {
        return event_operations().list_operations(position, count);
    };
    co_return co_await list_response(q, "/events/operations", limit, after, read_page);
}

awaitable<http::response> event_routes::show_operation(const http::request& q) {
    const auto id = http::id_in_path<events::operation_id>(q);
    if (!id)
        co_return http::problem(q, id.error());
    const auto found = co_await event_operations().find_operation(*id);
    co_return found ? http::without_caching(http::json(to_json(*found))) : http::problem(q, found.error());
}

awaitable<http::response> event_routes::cancel_operation(const http::request& q) {
    const auto id = http::id_in_path<events::operation_id>(q);
    if (!id)
        co_return http::problem(q, id.error());
    const auto cancelled = co_await event_operations().cancel_operation(*id);
    co_return cancelled ? http::without_caching(http::json(to_json(*cancelled))) : http::problem(q, cancelled.error());
}

} // namespace atrium::operations
