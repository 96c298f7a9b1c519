#pragma once

#include <base/awaitable.hpp>
#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <http/router.hpp>

namespace atrium::operations {

/// The routes for operators of events, under /events/: the event log, subscriptions, dead letters, and actions on them
/// (docs/operations.md). The bus and the schemas must outlive this object, and this object must outlive the server that uses
/// the router. The handlers run on any worker.
class event_routes {
public:
    event_routes(events::durable_bus& bus, const event_requests::event_schemas& schemas) : bus_{bus}, schemas_{schemas} {}

    void add_routes(http::router& router);

private:
    void add_log_routes(http::router& router);
    void add_subscription_routes(http::router& router);
    void add_dead_letter_routes(http::router& router);
    void add_operation_routes(http::router& router);

    // The event log.
    awaitable<http::response> list_events(const http::request& q);
    awaitable<http::response> show_event(const http::request& q);
    awaitable<http::response> follow(const http::request& q);
    awaitable<http::response> publish(const http::request& q);

    // Subscriptions.
    awaitable<http::response> list_subscriptions(const http::request& q);
    awaitable<http::response> show_subscription(const http::request& q);
    awaitable<http::response> set_paused(const http::request& q, bool is_paused);
    awaitable<http::response> replay(const http::request& q);
    awaitable<http::response> resend(const http::request& q);
    awaitable<http::response> drain(const http::request& q);

    // Dead letters.
    awaitable<http::response> list_dead_letters(const http::request& q);
    awaitable<http::response> list_groups(const http::request& q);
    awaitable<http::response> list_archive(const http::request& q);
    awaitable<http::response> show_dead_letter(const http::request& q);
    awaitable<http::response> retry(const http::request& q);
    awaitable<http::response> discard(const http::request& q);
    awaitable<http::response> edit(const http::request& q);

    // Actions on many events or dead letters.
    awaitable<http::response> list_operations(const http::request& q);
    awaitable<http::response> show_operation(const http::request& q);
    awaitable<http::response> cancel_operation(const http::request& q);

    [[nodiscard]] events::operations& event_operations() const noexcept { return bus_.operations(); }

    events::durable_bus& bus_;
    const event_requests::event_schemas& schemas_;
};

} // namespace atrium::operations
