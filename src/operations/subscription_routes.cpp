#include "event_answers.hpp"
#include "event_descriptions.hpp"

#include <operations/event_routes.hpp>

namespace atrium::operations {

void event_routes::add_subscription_routes(http::router& router) {
    router
        .get("/events/subscriptions", "List the subscriptions to events and their backlog",
             [this](const http::request& q) { return list_subscriptions(q); })
        .scope("events:read")
        .describe(describe_list("list_subscriptions", "Subscription"));
    router
        .get("/events/subscriptions/{name}", "Show a subscription",
             [this](const http::request& q) { return show_subscription(q); })
        .scope("events:read")
        .describe(describe_item("get_subscription", "Subscription", subscription_name()));
    router
        .post(
            "/events/subscriptions/{name}/pause", "Stop the delivery of events to a subscription",
            [this](const http::request& q) { return set_paused(q, true); }, check_action_early)
        .scope("events:operate")
        .describe(describe_switch("pause_subscription"));
    router
        .post(
            "/events/subscriptions/{name}/resume", "Resume the delivery of events to a subscription",
            [this](const http::request& q) { return set_paused(q, false); }, check_action_early)
        .scope("events:operate")
        .describe(describe_switch("resume_subscription"));
    router
        .post(
            "/events/subscriptions/{name}/replay", "Deliver events of the journal to a subscription again",
            [this](const http::request& q) { return replay(q); }, http::check_creation_early)
        .scope("events:operate")
        .describe(describe_bulk_action("replay_events", "ReplayRequest", {subscription_name()}));
    router
        .post(
            "/events/resend", "Send events of the journal to a subscription at the broker again",
            [this](const http::request& q) { return resend(q); }, http::check_creation_early)
        .scope("events:operate")
        .describe(describe_bulk_action("resend_events", "ResendRequest"));
    router
        .post("/events/drain", "Drain this server's messages from the broker, before switching to another bus adapter",
              [this](const http::request& q) { return drain(q); })
        .scope("events:operate")
        .describe(describe_drain());
}

awaitable<http::response> event_routes::list_subscriptions(const http::request& q) {
    if (const auto plain = http::check_no_query(q); !plain)
        co_return http::problem(q, plain.error());
    const auto found = co_await event_operations().list_subscriptions();
    if (!found)
        co_return http::problem(q, found.error());
    std::string body;
    json_writer json{body};
    json.begin_array();
    for (const auto& each : *found)
        show(json, each);
    json.end_array();
    co_return http::without_caching(http::page(q, "/events/subscriptions", std::move(body), std::nullopt));
}

awaitable<http::response> event_routes::show_subscription(const http::request& q) {
    if (const auto plain = http::check_no_query(q); !plain)
        co_return http::problem(q, plain.error());
    const auto found = co_await event_operations().find_subscription(std::string{q.parameter("name")});
    co_return found ? http::without_caching(http::json(to_json(*found))) : http::problem(q, found.error());
}

awaitable<http::response> event_routes::set_paused(const http::request& q, bool is_paused) {
    auto reason = read_action_without_body(q, event_requests::read_reason_only);
    if (!reason)
        co_return http::problem(q, reason.error());
    auto origin = event_requests::initiator_of(call_of(q), *std::move(reason));
    std::string name{q.parameter("name")};
    result<> done;
    if (is_paused)
        done = co_await event_operations().pause(std::move(name), std::move(origin));
    else
        done = co_await event_operations().resume(std::move(name), std::move(origin));
    co_return done ? http::no_content() : http::problem(q, done.error());
}

awaitable<http::response> event_routes::replay(const http::request& q) {
    const auto read = [&](input::reader& body) { return event_requests::read_replay(body, std::string{q.parameter("name")}); };
    return answer_bulk(q, event_operations(), read_action(q, read), event_requests::replay);
}

awaitable<http::response> event_routes::resend(const http::request& q) {
    return answer_bulk(q, event_operations(), read_action(q, event_requests::read_resend), event_requests::resend);
}

awaitable<http::response> event_routes::drain(const http::request& q) {
    const auto drained = co_await bus_.drain();
    co_return drained ? http::without_caching(http::json(R"({"drained":true})")) : http::problem(q, drained.error());
}

} // namespace atrium::operations
