#include "reference_page.hpp"

#include <pages/pages.hpp>

#include <string_view>

namespace atrium::api_description {
namespace {

constexpr std::string_view name = "docs";

/// The Content-Security-Policy of the page. It allows only resources from this server, and requests to it. Inline styles are
/// allowed because RapiDoc, which renders the page, writes its colors into a style element and uses style attributes. Apart
/// from GraphiQL, no other page allows them.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

awaitable<http::response> show_page(const http::request& q) {
    co_return pages::index_of(q, name, policy);
}

awaitable<http::response> show_file(const http::request& q) {
    co_return pages::file_of(q, name, q.parameter("name"));
}

} // namespace

void add_reference_page(http::router& router) {
    if (!pages::has_page(name))
        return;
    router.get("/docs", "The reference of the API, for browsers", show_page)
        .open()
        .describe(pages::describe_index("get_reference", "api"));
    router.get("/docs/assets/{name}", "A file of the reference", show_file)
        .open()
        .describe(pages::describe_file("get_reference_file", "api"));
}

} // namespace atrium::api_description
