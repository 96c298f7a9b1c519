#include "content_coding.hpp"
#include "plain_assets.hpp"

#include <graphiql/pages.hpp>
#include <http/conditional.hpp>
#include <http/media_type.hpp>
#include <http/resource.hpp>
#include <web/assets.hpp>

#include <string>
#include <string_view>

namespace atrium::graphiql {
namespace {

/// Allows resources only from this server and from the page itself (data: and blob:). Inline styles are allowed, because the
/// editor creates style sheets while it runs.
constexpr std::string_view policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

constexpr std::string_view page_without_graphiql =
    "<!doctype html><html lang=\"en\"><title>Atrium: GraphQL</title><p>This Atrium was built without GraphiQL "
    "(CMake option ATRIUM_WEB=OFF). Programs can send queries to this address by POST.</p></html>";

/// Each form of a file needs its own strong ETag (RFC 9110, 8.8.3.3).
std::string etag_of(const web::asset& a, bool is_packed) {
    std::string tag{a.etag};
    if (is_packed)
        tag.insert(tag.size() - 1, "-gzip");
    return tag;
}

http::response respond_with(const http::request& q, const web::asset& a) {
    const bool is_packed = accepts_gzip(q);
    auto etag = etag_of(a, is_packed);
    http::response answer;
    if (http::evaluate_preconditions(q, etag) == http::precondition::not_modified) {
        answer.status = http::status::not_modified;
    } else {
        answer.content_type = a.content_type;
        answer.shared_body = is_packed ? http::shared_text{.text = a.gzip} : plain_text(a, q.memory);
        if (is_packed)
            answer.set("Content-Encoding", "gzip");
    }
    answer.set("ETag", std::move(etag));
    answer.set("Cache-Control", a.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    answer.set("Vary", "Accept-Encoding");
    return answer;
}

http::operation describe_file() {
    using http::status;
    return {.id = "get_graphiql_file",
            .tag = "graphql",
            .parameters = {http::in_path("name", "The name of a file.", R"({"type":"string"})")},
            .request_headers = {"If-None-Match"},
            .responses = {{status::ok,
                           "The file.",
                           {{"*/*", R"({"type":"string"})"}},
                           {"ETag", "Cache-Control", "Vary", "Content-Encoding"}},
                          {status::not_modified, "The client already has this file.", {}, {"ETag", "Cache-Control", "Vary"}}},
            .errors = {status::not_found}};
}

awaitable<http::response> answer_with_file(const http::request& q) {
    const auto* found = web::find_asset("graphiql", q.parameter("name"));
    co_return found ? respond_with(q, *found) : http::problem(http::status::not_found, "there is no such file");
}

} // namespace

http::response page(const http::request& q) {
    const auto* found = web::find_asset("graphiql", "index.html");
    auto answer = found
                      ? respond_with(q, *found)
                      : http::response{.content_type = "text/html; charset=utf-8", .body = std::string{page_without_graphiql}};
    answer.set("Content-Security-Policy", std::string{policy});
    return answer;
}

void add_file_routes(http::router& router) {
    router.get("/graphql/assets/{name}", "A file of GraphiQL", answer_with_file).open().describe(describe_file());
}

} // namespace atrium::graphiql
