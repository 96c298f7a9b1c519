#include <http/resource.hpp>

#include <utility>

namespace atrium::http {

result<> without_query(const request& q) {
    return query_fields{q}.finish();
}

response shown(std::string body, std::string etag) {
    auto answer = json(std::move(body));
    answer.set("ETag", std::move(etag));
    return answer;
}

response not_modified(std::string etag) {
    response answer{.status = status::not_modified};
    answer.set("ETag", std::move(etag));
    return answer;
}

response created(std::string body, std::string etag, std::string location) {
    auto answer = json(std::move(body));
    answer.status = status::created;
    answer.set("Location", std::move(location)).set("ETag", std::move(etag));
    return answer;
}

response page(const request& q, std::string_view path, std::string body, std::optional<std::int64_t> next) {
    auto answer = json(std::move(body));
    if (next)
        answer.set("Link", next_link(q, path, *next));
    return answer;
}

} // namespace atrium::http
