#include "event_answers.hpp"

namespace atrium::operations {

http::response bulk_response(const http::request& q, const result<event_requests::bulk_result>& done) {
    if (!done)
        return http::problem(q, done.error());
    auto answer = http::without_caching(http::json(to_json(*done)));
    if (done->is_running())
        answer.status = http::status::accepted;
    if (done->operation)
        answer.set("Location", "/events/operations/" + std::to_string(done->operation->id.value));
    return answer;
}

http::response published_response(const http::request& q, const result<events::event>& published) {
    if (!published)
        return http::problem(q, published.error());
    auto answer = http::without_caching(http::json(to_json(*published)));
    answer.status = http::status::created;
    answer.set("Location", "/events/" + std::to_string(published->seq.value));
    return answer;
}

result<> check_action_early(const http::request& q) {
    if (const auto checked = http::check_creation(q); !checked)
        return checked.error();
    return q.headers.has("Content-Type") ? http::check_body_type(q) : result<>{};
}

} // namespace atrium::operations
