#include "json_response.hpp"

#include <utility>

namespace atrium::graphql_http {

http::response json_response(std::string_view type, http::status status, std::string body) {
    return {.status = status,
            .content_type =
                type == response_type ? "application/graphql-response+json; charset=utf-8" : "application/json; charset=utf-8",
            .body = std::move(body)};
}

} // namespace atrium::graphql_http
