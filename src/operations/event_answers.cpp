#include "event_answers.hpp"

namespace atrium::operations {

http::response bulk_response(const http::request& q, const result<event_requests::bulk_result>& outcome) {
    if (!outcome)
        return http::problem(q, outcome.error());
    auto answer = http::without_caching(http::json(to_json(*outcome)));
    if (outcome->is_running())
        answer.status = http::status::accepted;
    if (outcome->operation)
        answer.set("Location", "/events/operations/" + std::to_string(outcome->operation->id.value));
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
