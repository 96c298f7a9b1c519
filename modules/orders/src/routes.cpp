#include "routes.hpp"

#include "input.hpp"
#include "json.hpp"

#include <http/input.hpp>

#include <string>
#include <utility>

namespace atrium::orders {
namespace {

/// Counts every change of what the body shows: the order's own and its user's name.
std::string etag_of(const order& o) {
    return '"' + std::to_string(o.revision) + '-' + std::to_string(o.name_revision) + '"';
}

/// Success where the request has no query: these routes take none.
result<> without_query(const http::request& q) {
    return http::query_fields{q}.finish();
}

/// The order that the path names.
result<order_id> addressed(const http::request& q) {
    const auto id = q.id();
    if (!id)
        return id.error();
    if (const auto plain = without_query(q); !plain)
        return plain.error();
    return order_id{*id};
}

/// Asked while the request's coroutine waits, so the request is there.
precondition if_match(const http::request& q) {
    if (!q.headers.has("If-Match"))
        return {};
    return [&q](const order& o) { return http::passes_if_match(q, etag_of(o)); };
}

http::response shown(const order& o) {
    std::string body;
    json_writer out{body};
    write_json(out, order_as<std::string_view>(o));
    auto answer = http::json(std::move(body));
    answer.set("ETag", etag_of(o));
    return answer;
}

http::response created(const order& o) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("message").value("Order created successfully").key("order");
    write_json(out, order_as<std::string_view>(o));
    out.end_object();
    auto answer = http::json(std::move(body));
    answer.status = http::status::created;
    answer.set("Location", "/orders/" + std::to_string(o.id.value)).set("ETag", etag_of(o));
    return answer;
}

} // namespace

void routes::add_to(http::router& r) {
    r.get("/orders/", "List orders", [this](const http::request& q) { return list(q); });
    r.post("/orders/", "Place an order", [this](const http::request& q) { return place(q); });
    r.get("/orders/{id}", "Show an order", [this](const http::request& q) { return show(q); });
    r.patch("/orders/{id}", "Change an order", [this](const http::request& q) { return change(q); });
    r.remove("/orders/{id}", "Delete an order", [this](const http::request& q) { return remove(q); });
}

awaitable<http::response> routes::list(const http::request& q) {
    const auto query = read_order_query(q);
    if (!query)
        co_return http::problem(query.error());

    json_array page;
    const auto next = co_await orders_.list(*query, page);
    if (!next)
        co_return http::problem(next.error());
    auto answer = http::json(page.finish());
    if (*next)
        answer.set("Link", http::next_link(q, "/orders/", (*next)->value));
    co_return answer;
}

awaitable<http::response> routes::place(const http::request& q) {
    if (const auto plain = without_query(q); !plain)
        co_return http::problem(plain.error());
    auto body = http::body_fields::read(q);
    if (!body)
        co_return body.error();
    const auto wanted = read_new_order(*body);
    if (!wanted)
        co_return http::problem(wanted.error());

    const auto placed = co_await orders_.place(*wanted, {.traceparent = q.traceparent, .request_id = q.request_id});
    co_return placed ? created(*placed) : http::problem(placed.error());
}

awaitable<http::response> routes::show(const http::request& q) {
    const auto id = addressed(q);
    if (!id)
        co_return http::problem(id.error());

    const auto found = co_await orders_.find(*id);
    if (!found)
        co_return http::problem(found.error());
    if (auto etag = etag_of(*found); http::matches_none_match(q, etag)) {
        http::response unchanged{.status = http::status::not_modified};
        unchanged.set("ETag", std::move(etag));
        co_return unchanged;
    }
    co_return shown(*found);
}

awaitable<http::response> routes::change(const http::request& q) {
    const auto id = addressed(q);
    if (!id)
        co_return http::problem(id.error());
    auto body = http::body_fields::read(q);
    if (!body)
        co_return body.error();
    const auto wanted = read_order_change(*body);
    if (!wanted)
        co_return http::problem(wanted.error());

    const auto holds = if_match(q);
    const auto changed = co_await orders_.change(*id, *wanted, holds, q.traceparent);
    co_return changed ? shown(*changed) : http::problem(changed.error());
}

awaitable<http::response> routes::remove(const http::request& q) {
    const auto id = addressed(q);
    if (!id)
        co_return http::problem(id.error());

    const auto holds = if_match(q);
    const auto removed = co_await orders_.remove(*id, holds, q.traceparent);
    co_return removed ? http::no_content() : http::problem(removed.error());
}

} // namespace atrium::orders
