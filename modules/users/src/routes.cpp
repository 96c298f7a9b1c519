#include "routes.hpp"

#include "input.hpp"
#include "json.hpp"

#include <host/rest_list.hpp>
#include <http/resource.hpp>

#include <string>
#include <utility>

namespace atrium::users {
namespace {

std::string etag_of(const account& a) {
    return '"' + std::to_string(a.revision) + '"';
}

std::string body_of(const account& a) {
    std::string body;
    json_writer out{body};
    write_json(out, account_as<std::string_view>(a));
    return body;
}

http::response created(const account& a) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("message").value("User created successfully").key("user");
    write_json(out, account_as<std::string_view>(a));
    out.end_object();
    return http::created(std::move(body), etag_of(a), "/users/" + std::to_string(a.id.value));
}

} // namespace

void routes::add_to(http::router& r) {
    r.get("/users/", "List users", [this](const http::request& q) { return list(q); });
    r.post(
        "/users/", "Create a user", [this](const http::request& q) { return create(q); }, http::refuse_creation_early);
    r.get("/users/{id}", "Show a user", [this](const http::request& q) { return show(q); });
    r.patch(
        "/users/{id}", "Change a user", [this](const http::request& q) { return change(q); }, http::refuse_change_early);
    r.remove("/users/{id}", "Delete a user, whose orders follow", [this](const http::request& q) { return remove(q); });
}

awaitable<http::response> routes::list(const http::request& q) {
    const auto query = read_account_query(q);
    if (!query)
        co_return http::problem(query.error());

    host::json_array<account_view> page;
    const auto next = co_await users_.list(*query, page);
    if (!next)
        co_return http::problem(next.error());
    co_return http::page(q, "/users/", page.finish(), *next);
}

awaitable<http::response> routes::create(const http::request& q) {
    if (auto refused = http::refuse_creation(q))
        co_return *std::move(refused);
    const auto wanted = http::read_body(q, read_new_account);
    if (!wanted)
        co_return wanted.error();

    const auto made = co_await users_.create(*wanted, q.traceparent);
    co_return made ? created(*made) : http::problem(made.error());
}

awaitable<http::response> routes::show(const http::request& q) {
    const auto id = http::addressed<user_id>(q);
    if (!id)
        co_return http::problem(id.error());

    const auto found = co_await users_.find(*id);
    if (!found)
        co_return http::problem(found.error());
    co_return http::shown(q, body_of(*found), etag_of(*found));
}

awaitable<http::response> routes::change(const http::request& q) {
    const auto id = http::addressed<user_id>(q);
    if (!id)
        co_return http::problem(id.error());
    const auto wanted = http::read_body(q, read_account_change);
    if (!wanted)
        co_return wanted.error();

    const auto holds = http::preconditions(q, etag_of);
    const auto changed = co_await users_.change(*id, *wanted, holds, q.traceparent);
    co_return changed ? http::changed(body_of(*changed), etag_of(*changed)) : http::problem(changed.error());
}

awaitable<http::response> routes::remove(const http::request& q) {
    const auto id = http::addressed<user_id>(q);
    if (!id)
        co_return http::problem(id.error());

    const auto holds = http::preconditions(q, etag_of);
    const auto removed = co_await users_.remove(*id, holds, q.traceparent);
    co_return removed ? http::no_content() : http::problem(removed.error());
}

} // namespace atrium::users
