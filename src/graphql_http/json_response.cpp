#include "json_response.hpp"

#include "parameters.hpp"

#include <utility>

namespace atrium::graphql_http {

http::response json_response(std::string_view type, http::status status, std::string body) {
    return {.status = status,
            .content_type =
                type == response_type ? "application/graphql-response+json; charset=utf-8" : "application/json; charset=utf-8",
            .body = std::move(body)};
}

http::response temporary_refusal(std::string_view type, http::status status, const error& why, std::string_view code) {
    auto answer = json_response(type, status, error_body(why, code));
    if (why.retry_after.count() > 0)
        answer.set("Retry-After", std::to_string(why.retry_after.count()));
    return answer;
}

} // namespace atrium::graphql_http
