#include "content_coding.hpp"
#include "plain_assets.hpp"

#include <http/conditional.hpp>
#include <pages/pages.hpp>
#include <web/assets.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace atrium::pages {
namespace {

using http::status;

constexpr std::string_view index_name = "index.html";
constexpr std::string_view text_schema = R"({"type":"string"})";

/// The plain and the compressed form of a file need different strong ETags (RFC 9110, section 8.8.3.3).
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

} // namespace

bool has_page(std::string_view page) noexcept {
    return web::find_asset(page, index_name) != nullptr;
}

http::response index_of(const http::request& q, std::string_view page, std::string_view policy) {
    const auto* found = web::find_asset(page, index_name);
    if (!found)
        throw std::logic_error{"there is no page " + std::string{page}};
    auto answer = respond_with(q, *found);
    answer.set("Content-Security-Policy", std::string{policy});
    return answer;
}

http::response file_of(const http::request& q, std::string_view page, std::string_view name) {
    const auto* found = web::find_asset(page, name);
    return found ? respond_with(q, *found) : http::problem(http::status::not_found, "there is no such file");
}

http::operation describe_index(std::string id, std::string tag) {
    return {.id = std::move(id),
            .tag = std::move(tag),
            .request_headers = {"If-None-Match"},
            .responses = {{status::ok,
                           "The page.",
                           {{"text/html", std::string{text_schema}}},
                           {"ETag", "Cache-Control", "Vary", "Content-Encoding"}},
                          {status::not_modified, "The client already has this page.", {}, {"ETag", "Cache-Control", "Vary"}}}};
}

http::operation describe_file(std::string id, std::string tag) {
    return {.id = std::move(id),
            .tag = std::move(tag),
            .parameters = {http::in_path("name", "The name of a file.", std::string{text_schema})},
            .request_headers = {"If-None-Match"},
            .responses = {{status::ok,
                           "The file.",
                           {{"*/*", std::string{text_schema}}},
                           {"ETag", "Cache-Control", "Vary", "Content-Encoding"}},
                          {status::not_modified, "The client already has this file.", {}, {"ETag", "Cache-Control", "Vary"}}},
            .errors = {status::not_found}};
}

} // namespace atrium::pages
