#include "messages/status_phrase.hpp"

#include <base/json_writer.hpp>
#include <http/response.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::http {
namespace {

status status_of(errc code) {
    switch (code) {
    case errc::unsupported_type: return status::unsupported_media_type;
    case errc::malformed: return status::bad_request;
    case errc::invalid: return status::unprocessable_entity;
    case errc::not_found: return status::not_found;
    case errc::unauthenticated: return status::unauthorized;
    case errc::forbidden: return status::forbidden;
    case errc::conflict: return status::conflict;
    case errc::precondition_failed: return status::precondition_failed;
    case errc::unavailable: return status::service_unavailable;
    }
    throw std::logic_error{"an error without a code"};
}

/// @param pointer_key the JSON key of each fault's pointer
response render(status s, std::string_view detail, const std::vector<fault>& faults, std::string_view pointer_key) {
    response answer{.status = s, .content_type = problem_type};
    json_writer json{answer.body};
    json.begin_object().key("type").value("about:blank").key("title").value(status_phrase(s));
    json.key("status").value(static_cast<int>(s));
    if (!detail.empty())
        json.key("detail").value(detail);
    if (!faults.empty()) {
        json.key("errors").begin_array();
        for (const auto& each : faults)
            json.begin_object().key(pointer_key).value(each.pointer).key("detail").value(each.detail).end_object();
        json.end_array();
    }
    json.end_object();
    return answer;
}

} // namespace

std::string_view status_phrase(status s) {
    switch (s) { // Beast has older phrases for these two statuses
    case status::payload_too_large: return "Content Too Large";
    case status::unprocessable_entity: return "Unprocessable Content";
    default: {
        const auto phrase = boost::beast::http::obsolete_reason(s);
        return {phrase.data(), phrase.size()};
    }
    }
}

response& response::set(std::string_view name, std::string value) {
    const auto may_end_header = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::any_of(value.begin(), value.end(), may_end_header))
        throw std::invalid_argument{"the value of the header " + std::string{name} + " contains CR, LF or NUL"};
    headers.emplace_back(name, std::move(value));
    return *this;
}

response json(std::string body) {
    return {.content_type = json_type, .body = std::move(body)};
}

response no_content() {
    return {.status = status::no_content};
}

response problem(const error& e) {
    // The faults of a malformed query string have the names of parameters. Those of a body have JSON pointers (RFC 9457,
    // section 3).
    auto answer = render(status_of(e.code), e.detail, e.faults, e.code == errc::malformed ? "parameter" : "pointer");
    if (e.code == errc::unauthenticated)
        answer.set("WWW-Authenticate", "Bearer realm=\"atrium\""); // RFC 6750, section 3
    if (e.code == errc::unavailable)
        answer.set("Retry-After", std::to_string(std::max<std::int64_t>(1, e.retry_after.count())));
    return answer;
}

response problem(http::status s, std::string_view detail) {
    return render(s, detail, {}, {});
}

} // namespace atrium::http
