#include "reference_page.hpp"

#include <api_description/asyncapi.hpp>
#include <api_description/documents.hpp>
#include <api_description/openapi.hpp>
#include <http/resource.hpp>

#include <storage/sha256.hpp>

#include <utility>

namespace atrium::api_description {
namespace {

http::operation describe_document(std::string id, std::string description) {
    using http::status;
    return {.id = std::move(id),
            .tag = "api",
            .request_headers = {"If-Match", "If-None-Match"},
            .responses = {http::described_json(status::ok, std::move(description), R"({"type":"object"})", {"ETag"}),
                          {status::not_modified, "The client already has this document.", {}, {"ETag"}}},
            .errors = {status::precondition_failed}};
}

} // namespace

/// The routes are open, because the documents contain nothing that is not in the program's public source code, and because
/// people who have not signed in yet need them to find out how to sign in.
void documents::add_routes(http::router& router) {
    router
        .get("/openapi.json", "The description of all routes (OpenAPI 3.1)",
             [this](const http::request& q) -> awaitable<http::response> { co_return show(q, openapi_); })
        .open()
        .describe(describe_document("get_openapi", "This document, an OpenAPI description."));
    router
        .get("/asyncapi.json", "The description of all events (AsyncAPI 3.0)",
             [this](const http::request& q) -> awaitable<http::response> { co_return show(q, asyncapi_); })
        .open()
        .describe(describe_document("get_asyncapi", "An AsyncAPI description."));
    add_reference_page(router);
}

void documents::render(const http::router& router, std::span<const host::description* const> modules,
                       std::string_view version) {
    openapi_ = make_document(render_openapi(router, version));
    asyncapi_ = make_document(render_asyncapi(modules, version));
}

documents::document documents::make_document(std::string text) {
    constexpr std::size_t tag_size = 16; // hexadecimal digits; enough to distinguish the versions of one document
    auto etag = '"' + storage::sha256(text).substr(0, tag_size) + '"';
    return {std::move(text), std::move(etag)};
}

http::response documents::show(const http::request& q, const document& d) {
    if (const auto plain = http::check_no_query(q); !plain)
        return http::problem(plain.error());
    auto answer = http::item_response(q, {}, d.etag);
    if (answer.status == http::status::ok)
        answer.shared_body = {.text = d.text};
    answer.set("Cache-Control", "no-cache"); // a newer version of the server may have another document
    return answer;
}

} // namespace atrium::api_description
