#include "routes.hpp"

#include "input.hpp"
#include "json.hpp"

#include <http/input.hpp>

#include <string>
#include <utility>

namespace atrium::users {
namespace {

std::string etag_of(std::int64_t revision) {
    return '"' + std::to_string(revision) + '"';
}

/// Success where the request has no query: these routes take none.
result<> without_query(const http::request& q) {
    return http::query_fields{q}.finish();
}

/// The user that the path names.
result<user_id> addressed(const http::request& q) {
    const auto id = q.id();
    if (!id)
        return id.error();
    if (const auto plain = without_query(q); !plain)
        return plain.error();
    return user_id{*id};
}

/// Asked while the request's coroutine waits, so the request is there.
precondition if_match(const http::request& q) {
    if (!q.headers.has("If-Match"))
        return {};
    return [&q](const account& a) { return http::passes_if_match(q, etag_of(a.revision)); };
}

http::response shown(const account& a) {
    std::string body;
    json_writer out{body};
    write_json(out, account_as<std::string_view>(a));
    auto answer = http::json(std::move(body));
    answer.set("ETag", etag_of(a.revision));
    return answer;
}

http::response created(const account& a) {
    std::string body;
    json_writer out{body};
    out.begin_object().key("message").value("User created successfully").key("user");
    write_json(out, account_as<std::string_view>(a));
    out.end_object();
    auto answer = http::json(std::move(body));
    answer.status = http::status::created;
    answer.set("Location", "/users/" + std::to_string(a.id.value)).set("ETag", etag_of(a.revision));
    return answer;
}

} // namespace

void routes::add_to(http::router& r) {
    r.get("/users/", "List users", [this](const http::request& q) { return list(q); });
    r.post("/users/", "Create a user", [this](const http::request& q) { return create(q); });
    r.get("/users/{id}", "Show a user", [this](const http::request& q) { return show(q); });
    r.patch("/users/{id}", "Change a user", [this](const http::request& q) { return change(q); });
    r.remove("/users/{id}", "Delete a user, whose orders follow", [this](const http::request& q) { return remove(q); });
}

awaitable<http::response> routes::list(const http::request& q) {
    const auto query = read_account_query(q);
    if (!query)
        co_return http::problem(query.error());

    json_array page;
    const auto next = co_await users_.list(*query, page);
    if (!next)
        co_return http::problem(next.error());
    auto answer = http::json(page.finish());
    if (*next)
        answer.set("Link", http::next_link(q, "/users/", (*next)->value));
    co_return answer;
}

awaitable<http::response> routes::create(const http::request& q) {
    if (const auto plain = without_query(q); !plain)
        co_return http::problem(plain.error());
    auto body = http::body_fields::read(q);
    if (!body)
        co_return body.error();
    const auto wanted = read_new_account(*body);
    if (!wanted)
        co_return http::problem(wanted.error());

    const auto made = co_await users_.create(*wanted, q.traceparent);
    co_return made ? created(*made) : http::problem(made.error());
}

awaitable<http::response> routes::show(const http::request& q) {
    const auto id = addressed(q);
    if (!id)
        co_return http::problem(id.error());

    const auto found = co_await users_.find(*id);
    if (!found)
        co_return http::problem(found.error());
    if (auto etag = etag_of(found->revision); http::matches_none_match(q, etag)) {
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
    const auto wanted = read_account_change(*body);
    if (!wanted)
        co_return http::problem(wanted.error());

    const auto holds = if_match(q);
    const auto changed = co_await users_.change(*id, *wanted, holds, q.traceparent);
    co_return changed ? shown(*changed) : http::problem(changed.error());
}

awaitable<http::response> routes::remove(const http::request& q) {
    const auto id = addressed(q);
    if (!id)
        co_return http::problem(id.error());

    const auto holds = if_match(q);
    const auto removed = co_await users_.remove(*id, holds, q.traceparent);
    co_return removed ? http::no_content() : http::problem(removed.error());
}

} // namespace atrium::users
