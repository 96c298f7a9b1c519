#include "server/cross_origin.hpp"

#include <algorithm>

namespace atrium::http {
namespace {

constexpr std::string_view own_request_headers =
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, traceparent";

std::string lines_of(std::string_view origin, std::string_view vary) {
    std::string lines{"Access-Control-Allow-Origin: "};
    lines.append(origin).append("\r\nAccess-Control-Expose-Headers: ");
    lines.append("ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id\r\n");
    return lines.append(vary);
}

} // namespace

cross_origin::cross_origin(const settings& s) : request_headers_{own_request_headers} {
    for (const auto& name : s.cors_headers)
        request_headers_.append(", ").append(name);

    const origin_list callers{s.cors_origins};
    if (callers.has_every()) {
        lines_for_every_ = lines_of("*", {});
    } else if (!callers.is_empty()) {
        lines_for_the_rest_ = "Vary: Origin\r\n"; // caches must store the responses for each origin separately
        for (const auto& origin : callers.origins())
            lines_by_origin_.emplace_back(origin, lines_of(origin, lines_for_the_rest_));
    }
}

const std::string* cross_origin::find_lines(const request& q) const {
    const auto origin = q.headers.get("Origin");
    if (origin.empty())
        return nullptr;
    if (!lines_for_every_.empty())
        return &lines_for_every_;
    const auto found =
        std::find_if(lines_by_origin_.begin(), lines_by_origin_.end(), [&](const auto& each) { return each.first == origin; });
    return found == lines_by_origin_.end() ? nullptr : &found->second;
}

std::string_view cross_origin::lines_for(const request& q) const {
    if (lines_for_every_.empty() && lines_by_origin_.empty()) [[likely]]
        return {};
    const auto* lines = find_lines(q);
    return lines ? *lines : lines_for_the_rest_;
}

bool cross_origin::is_preflight(const request& q) const {
    return q.method == verb::options && q.headers.has("Access-Control-Request-Method") && find_lines(q);
}

response cross_origin::preflight(const router::match& match) const {
    auto answer = no_content();
    answer.set("Access-Control-Allow-Methods", std::string{match.allow});
    answer.set("Access-Control-Allow-Headers", request_headers_);
    answer.set("Access-Control-Max-Age", "600"); // in seconds
    answer.set("Allow", std::string{match.allow});
    return answer;
}

} // namespace atrium::http
