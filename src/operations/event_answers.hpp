#pragma once

#include "event_json.hpp"

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <event_requests/bulk.hpp>
#include <http/body.hpp>
#include <http/query.hpp>
#include <http/resource.hpp>
#include <http/response_memory.hpp>
#include <http/without_caching.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Functions that the routes of events share: pages of lists, and responses to actions.
namespace atrium::operations {

/// In bytes. A page ends early when its JSON has reached this size, because the events and errors on it may be long.
inline constexpr std::size_t max_page_bytes = 1024 * 1024;
/// How many items are read at a time.
inline constexpr std::int64_t max_items_at_once = 100;

/// Reads the parameter `limit` of a list, or returns the default.
[[nodiscard]] inline std::int64_t read_page_limit(input::reader& reader) {
    return reader.integer("limit", 1, event_requests::max_limit).value_or(event_requests::default_limit);
}

[[nodiscard]] inline std::string cursor_of(const std::string& id) {
    return id;
}
template <class Tag>
[[nodiscard]] std::string cursor_of(const id<Tag>& position) {
    return std::to_string(position.value);
}

/// The response to a GET of a list: up to `limit` items after `after`.
/// @param read returns awaitable<result<events::list_page<T, Position>>> for a position and a number of items
template <class Position, class Read>
awaitable<http::response> list_response(const http::request& q, std::string_view path, std::int64_t limit,
                                        std::optional<Position> after, Read read) {
    auto memory = co_await http::take_for_response(q, static_cast<std::size_t>(limit) * 1024);
    if (!memory)
        co_return http::out_of_memory();
    std::string body;
    json_writer json{body};
    json.begin_array();
    for (bool has_more = true; has_more;) {
        const auto count = std::min(limit, max_items_at_once);
        auto page = co_await read(after, static_cast<int>(count));
        if (!page)
            co_return http::problem(q, page.error());
        for (const auto& each : page->items)
            show(json, each);
        after = std::move(page->next);
        const auto read_count = static_cast<std::int64_t>(page->items.size());
        limit -= read_count;
        // If fewer items than `count` were read, the list has ended, or `read` has examined as many rows as one call may.
        has_more = after && limit > 0 && read_count == count && body.size() < max_page_bytes;
    }
    json.end_array();
    auto reply =
        http::without_caching(http::page(q, path, std::move(body), after ? std::optional{cursor_of(*after)} : std::nullopt));
    http::keep_until_sent(reply, *std::move(memory));
    co_return reply;
}

/// The response to a bulk action: 202 if the action is still running, otherwise 200. `Location` is the address of its progress.
[[nodiscard]] http::response bulk_response(const http::request& q, const result<event_requests::bulk_result>& outcome);

/// Performs a bulk action and returns the response. If the request could not be read, only returns the error.
template <class Request>
awaitable<http::response> answer_bulk(const http::request& q, events::operations& operations, result<Request> request,
                                      event_requests::bulk_action<Request> act) {
    if (!request)
        co_return http::problem(q, request.error());
    co_return bulk_response(q, co_await act(operations, *std::move(request), call_of(q)));
}

/// The response to an action that has published an event: 201.
[[nodiscard]] http::response published_response(const http::request& q, const result<events::event>& published);

/// Reads the request of an action: calls `read` with a reader for the body. `read` takes an input::reader& and returns a
/// result. Errors: those of `read`, and those of any POST with a body.
template <class Read>
[[nodiscard]] auto read_action(const http::request& q, Read read) -> decltype(read(std::declval<input::reader&>())) {
    if (const auto checked = http::check_creation(q); !checked)
        return checked.error();
    auto reader = http::read_body(q);
    if (!reader)
        return reader.error();
    return read(*reader);
}

/// Like `read_action`, for an action that needs no body. A missing body counts as a body without fields.
template <class Read>
[[nodiscard]] auto read_action_without_body(const http::request& q, Read read)
    -> decltype(read(std::declval<input::reader&>())) {
    if (!q.body.empty())
        return read_action(q, std::move(read));
    if (const auto checked = http::check_creation(q); !checked)
        return checked.error();
    input::reader none{input::source::json, {}};
    return read(none);
}

/// For `route::check_early`. Like `http::check_creation_early`, but for actions whose body is optional.
[[nodiscard]] result<> check_action_early(const http::request& q);

} // namespace atrium::operations
