#include <graphiql/pages.hpp>
#include <pages/pages.hpp>

#include <string>
#include <string_view>

namespace atrium::graphiql {
namespace {

constexpr std::string_view name = "graphiql";

/// Allows resources only from this server and from the page itself (data: and blob:). Inline styles are allowed, because the
/// editor creates style sheets while it runs.
constexpr std::string_view policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

constexpr std::string_view page_without_graphiql =
    "<!doctype html><html lang=\"en\"><title>Atrium: GraphQL</title><p>This Atrium was built without GraphiQL "
    "(CMake option ATRIUM_WEB=OFF). Programs can send queries to this address by POST.</p></html>";

http::response explain_absence() {
    http::response answer{.content_type = "text/html; charset=utf-8", .body = std::string{page_without_graphiql}};
    answer.set("Content-Security-Policy", std::string{policy});
    return answer;
}

awaitable<http::response> answer_with_file(const http::request& q) {
    co_return pages::file_of(q, name, q.parameter("name"));
}

} // namespace

http::response page(const http::request& q) {
    return pages::has_page(name) ? pages::index_of(q, name, policy) : explain_absence();
}

void add_file_routes(http::router& router) {
    router.get("/graphql/assets/{name}", "A file of GraphiQL", answer_with_file)
        .open()
        .describe(pages::describe_file("get_graphiql_file", "GraphQL"));
}

} // namespace atrium::graphiql
