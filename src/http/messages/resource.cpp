#include <http/resource.hpp>

#include <utility>

namespace atrium::http {
namespace {

response precondition_failed() {
    return problem(error{errc::precondition_failed, "what is here is not in the state that the request requires"});
}

/// An empty `etag`: it has none.
response with_etag(response answer, std::string etag) {
    if (!etag.empty())
        answer.set("ETag", std::move(etag));
    return answer;
}

response answer_conditionally(const request& q, std::string body, std::string etag) {
    switch (evaluate_preconditions(q, etag)) {
    case precondition::fails: return precondition_failed();
    case precondition::not_modified: return with_etag({.status = status::not_modified}, std::move(etag));
    case precondition::holds: break;
    }
    return with_etag(json(std::move(body)), std::move(etag));
}

} // namespace

result<> without_query(const request& q) {
    return query_fields{q}.finish();
}

std::optional<response> refuse_creation(const request& q) {
    if (const auto plain = without_query(q); !plain)
        return problem(plain.error());
    if (evaluate_preconditions(q, {}) != precondition::holds)
        return precondition_failed();
    return std::nullopt;
}

std::optional<response> refuse_creation_early(const request& q) {
    if (auto refused = refuse_creation(q))
        return refused;
    return body_fields::refuse_type(q);
}

std::optional<response> refuse_change_early(const request& q) {
    if (const auto id = addressed<std::int64_t>(q); !id)
        return problem(id.error());
    return body_fields::refuse_type(q);
}

response shown(const request& q, std::string body, std::string etag) {
    return answer_conditionally(q, std::move(body), std::move(etag));
}

response changed(std::string body, std::string etag) {
    return with_etag(json(std::move(body)), std::move(etag));
}

response created(std::string body, std::string etag, std::string location) {
    auto answer = with_etag(json(std::move(body)), std::move(etag));
    answer.status = status::created;
    answer.set("Location", std::move(location));
    return answer;
}

response page(const request& q, std::string_view path, std::string body, std::optional<std::int64_t> next) {
    auto answer = answer_conditionally(q, std::move(body), {});
    if (next && answer.status == status::ok)
        answer.set("Link", next_link(q, path, *next));
    return answer;
}

} // namespace atrium::http
