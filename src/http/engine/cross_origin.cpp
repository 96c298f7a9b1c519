#include "engine/cross_origin.hpp"

#include <utility>

namespace atrium::http {

cross_origin::cross_origin(std::string origin) : origin_{std::move(origin)} {
    if (origin_.empty())
        return;
    if (origin_ != "*")
        others_ = "Vary: Origin\r\n"; // caches must keep the answers apart, whoever asked first
    allowed_ = "Access-Control-Allow-Origin: " + origin_ + "\r\n" +
               "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-Request-Id\r\n" + others_;
}

std::string_view cross_origin::lines_for(const request& q) const {
    if (origin_.empty())
        return {};
    const auto asking = q.headers.get("Origin");
    return !asking.empty() && (origin_ == "*" || asking == origin_) ? allowed_ : others_;
}

bool cross_origin::is_preflight(const request& q) const {
    return !origin_.empty() && q.method == verb::options && q.headers.has("Origin") &&
           q.headers.has("Access-Control-Request-Method");
}

response cross_origin::preflight(const router::match& match) const {
    auto answer = no_content();
    answer.set("Access-Control-Allow-Methods", std::string{match.allow});
    answer.set("Access-Control-Allow-Headers",
               "Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, traceparent");
    answer.set("Access-Control-Max-Age", "600"); // seconds
    answer.set("Allow", std::string{match.allow});
    return answer;
}

} // namespace atrium::http
