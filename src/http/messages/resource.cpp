#include <http/body.hpp>
#include <http/conditional.hpp>
#include <http/query.hpp>
#include <http/resource.hpp>

#include <utility>

namespace atrium::http {
namespace {

error precondition_failed() {
    return {.code = errc::precondition_failed, .detail = "the current state does not match the preconditions of the request"};
}

/// Adds an ETag, unless `etag` is empty.
response with_etag(response answer, std::string etag) {
    if (!etag.empty())
        answer.set("ETag", std::move(etag));
    return answer;
}

response answer_conditionally(const request& q, std::string body, std::string etag) {
    switch (evaluate_preconditions(q, etag)) {
    case precondition::fails: return problem(precondition_failed());
    case precondition::not_modified: return with_etag({.status = status::not_modified}, std::move(etag));
    case precondition::holds: break;
    }
    return with_etag(json(std::move(body)), std::move(etag));
}

} // namespace

result<> check_no_query(const request& q) {
    return read_query(q).finish();
}

std::function<bool(std::string_view)> preconditions(const request& q) {
    if (!q.headers.has("If-Match") && !q.headers.has("If-None-Match"))
        return {};
    return [&q](std::string_view etag) { return evaluate_preconditions(q, etag) == precondition::holds; };
}

result<> check_creation(const request& q) {
    if (const auto no_query = check_no_query(q); !no_query)
        return no_query.error();
    if (evaluate_preconditions(q, {}) != precondition::holds)
        return precondition_failed();
    return {};
}

result<> check_creation_early(const request& q) {
    if (const auto checked = check_creation(q); !checked)
        return checked.error();
    return check_body_type(q);
}

result<> check_change_early(const request& q) {
    if (const auto id = id_in_path<std::int64_t>(q); !id)
        return id.error();
    return check_body_type(q);
}

response item_response(const request& q, std::string body, std::string etag) {
    return answer_conditionally(q, std::move(body), std::move(etag));
}

response changed_response(std::string body, std::string etag) {
    return with_etag(json(std::move(body)), std::move(etag));
}

response created_response(std::string body, std::string etag, std::string location) {
    auto answer = with_etag(json(std::move(body)), std::move(etag));
    answer.status = status::created;
    answer.set("Location", std::move(location));
    return answer;
}

response page(const request& q, std::string_view path, std::string body, const std::optional<std::string>& next) {
    auto answer = answer_conditionally(q, std::move(body), {});
    if (next && answer.status == status::ok)
        answer.set("Link", next_link(q, path, *next));
    return answer;
}

} // namespace atrium::http
