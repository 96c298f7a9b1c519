#include "server_sent.hpp"

#include "client_computation.hpp"
#include "json_response.hpp"
#include "response_memory.hpp"

#include <http/media_type.hpp>
#include <http/server_sent_events.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace atrium::graphql_http {
namespace {

/// Sent as a comment at shutdown. No event `complete` is sent, because clients would consider the operation finished and not
/// reconnect.
constexpr std::string_view farewell = "the server is shutting down";

/// The id of the event `complete` of a finished operation. No resume token equals it.
constexpr std::string_view end_mark = "complete";

using subscription = std::shared_ptr<graphql::response_stream>;

/// An EventSource that reconnects after this event does not run the operation again.
constexpr http::server_sent_event complete_event{.event = "complete", .id = end_mark};
/// After this event, an EventSource may run the operation again, because the failure is temporary.
constexpr http::server_sent_event broken_off_event{.event = "complete"};

/// The events of an operation that has only one response: `next` with that response, and the last event.
std::string events_of(std::string_view body, const http::server_sent_event& end) {
    std::string events;
    http::append_event(events, {.event = "next", .data = body});
    http::append_event(events, end);
    return events;
}

/// The client gets a resume token before the first event, and the current token repeatedly while no events arrive. So it misses
/// no event if it disconnects, and can resume even after older events have been removed.
awaitable<> follow(subscription responses, http::memory_lease& memory, client_computation& work, http::event_stream& stream) {
    stream.set_keep_alive_id([responses] { return responses->resume_token(); });
    if (const auto begin = responses->resume_token(); !begin.empty())
        co_await stream.send_id(begin);
    while (const auto next = co_await responses->next()) {
        work.end_slice();
        const auto token = responses->resume_token();
        http::server_sent_event event{.event = "next", .data = next->body};
        if (!token.empty())
            event.id = token;
        memory.resize(event.data.size());
        co_await stream.send(event);
        memory.resize(0);
    }
    co_await stream.send(responses->has_failed() ? broken_off_event : complete_event);
}

http::response refuse(const http::request& q, graphql::unopened_subscription why) {
    switch (why.cause) {
    case graphql::refusal_cause::temporary: break;
    case graphql::refusal_cause::request: return event_refusal(q, http::status::bad_request, std::move(why.body));
    case graphql::refusal_cause::internal: return event_refusal(q, http::status::internal_server_error, std::move(why.body));
    }
    return temporary_event_refusal(why.body);
}

} // namespace

bool repeats_finished_operation(const http::request& q) {
    return q.method != http::verb::post && http::last_event_id(q) == end_mark;
}

awaitable<http::response> stream_subscription(const graphql::engine& engine, graphql::operation o, graphql::context c,
                                              const http::request& q, client_limits& limits) {
    auto memory = take_for_subscription(q.memory);
    if (!memory)
        co_return temporary_event_refusal(out_of_memory_body());
    c.resume_token = http::last_event_id(q);
    const auto response_memory = std::make_shared<http::memory_lease>(empty_lease(q.memory));
    const auto work =
        std::make_shared<client_computation>(limits, limits.budget.payer_of(q.client, client_budget::use::operations));
    c.work = work.get();
    auto admit = make_admission(q.memory, engine, o, *response_memory, *work);
    auto opened = co_await engine.subscribe(std::move(o), std::move(c), std::move(admit));
    work->end_slice();
    if (!opened)
        co_return refuse(q, std::move(opened).error());
    const auto subscription_memory = std::make_shared<const http::memory_lease>(*std::move(memory));
    // The stream of responses is destroyed before `response_memory` and `work`, because the function that admits each response
    // refers to both.
    co_return http::server_sent_events(
        [subscription_memory, response_memory, work, responses = subscription{*std::move(opened)}](http::event_stream& stream) {
            stream.set_farewell(farewell);
            return follow(responses, *response_memory, *work, stream);
        });
}

http::response event_response(std::string_view body) {
    return http::server_sent_events(events_of(body, complete_event));
}

http::response temporary_event_refusal(std::string_view body) {
    return http::server_sent_events(events_of(body, broken_off_event));
}

http::response event_refusal(const http::request& q, http::status status, std::string body) {
    if (q.method != http::verb::post)
        return json_response(http::json_type, status, std::move(body));
    return http::server_sent_events(events_of(body, complete_event));
}

} // namespace atrium::graphql_http
