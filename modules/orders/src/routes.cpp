#include "routes.hpp"

#include "input.hpp"
#include "json.hpp"
#include "placing.hpp"

#include <host/rest_list.hpp>
#include <http/resource.hpp>

#include <string>
#include <utility>

namespace atrium::orders {
namespace {

/// Counts every change of what the body shows: the order's own and its user's name.
std::string etag_of(const order& o) {
    return '"' + std::to_string(o.revision) + '-' + std::to_string(o.name_revision) + '"';
}

std::string body_of(const order& o) {
    std::string body;
    json_writer out{body};
    write_json(out, order_as<std::string_view>(o));
    return body;
}

http::response created(const order& o) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("message").value("Order created successfully").key("order");
    write_json(out, order_as<std::string_view>(o));
    out.end_object();
    return http::created(std::move(body), etag_of(o), "/orders/" + std::to_string(o.id.value));
}

} // namespace

void routes::add_to(http::router& r) {
    r.get("/orders/", "List orders", [this](const http::request& q) { return list(q); });
    r.post(
        "/orders/", "Place an order", [this](const http::request& q) { return place(q); }, http::refuse_creation_early);
    r.get("/orders/{id}", "Show an order", [this](const http::request& q) { return show(q); });
    r.patch(
        "/orders/{id}", "Change an order", [this](const http::request& q) { return change(q); }, http::refuse_change_early);
    r.remove("/orders/{id}", "Delete an order", [this](const http::request& q) { return remove(q); });
}

awaitable<http::response> routes::list(const http::request& q) {
    const auto query = read_order_query(q);
    if (!query)
        co_return http::problem(query.error());

    host::json_array<order_view> page;
    const auto next = co_await orders_.list(*query, page);
    if (!next)
        co_return http::problem(next.error());
    co_return http::page(q, "/orders/", page.finish(), *next);
}

awaitable<http::response> routes::place(const http::request& q) {
    if (auto refused = http::refuse_creation(q))
        co_return *std::move(refused);
    auto body = http::body_fields::read(q);
    if (!body)
        co_return body.error();

    const auto placed = co_await orders::place(orders_, *body, {.traceparent = q.traceparent, .request_id = q.request_id});
    co_return placed ? created(*placed) : http::problem(placed.error());
}

awaitable<http::response> routes::show(const http::request& q) {
    const auto id = http::addressed<order_id>(q);
    if (!id)
        co_return http::problem(id.error());

    const auto found = co_await orders_.find(*id);
    if (!found)
        co_return http::problem(found.error());
    co_return http::shown(q, body_of(*found), etag_of(*found));
}

awaitable<http::response> routes::change(const http::request& q) {
    const auto id = http::addressed<order_id>(q);
    if (!id)
        co_return http::problem(id.error());
    const auto wanted = http::read_body(q, read_order_change);
    if (!wanted)
        co_return wanted.error();

    const auto holds = http::preconditions(q, etag_of);
    const auto changed = co_await orders_.change(*id, *wanted, holds, q.traceparent);
    co_return changed ? http::changed(body_of(*changed), etag_of(*changed)) : http::problem(changed.error());
}

awaitable<http::response> routes::remove(const http::request& q) {
    const auto id = http::addressed<order_id>(q);
    if (!id)
        co_return http::problem(id.error());

    const auto holds = http::preconditions(q, etag_of);
    const auto removed = co_await orders_.remove(*id, holds, q.traceparent);
    co_return removed ? http::no_content() : http::problem(removed.error());
}

} // namespace atrium::orders
