#include "pages.hpp"

#include <base/text.hpp>
#include <http/conditional.hpp>
#include <http/media_type.hpp>
#include <http/resource.hpp>
#include <web/assets.hpp>

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace atrium::app {
namespace {

/// Everything from here, and nothing from elsewhere. The editor makes style sheets as it goes.
constexpr std::string_view policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

constexpr std::string_view without_graphiql =
    "<!doctype html><html lang=\"en\"><title>Atrium: GraphQL</title><p>This Atrium was built without GraphiQL "
    "(CMake option ATRIUM_WEB=OFF). Programs send their queries to this address by POST.</p></html>";

/// Undoes gzip (RFC 1952) of a file whose header has no optional parts.
std::string unpacked(std::string_view gzip) {
    constexpr std::size_t header = 10;
    constexpr std::size_t trailer = 8; // checksum and size, the lowest byte first
    std::size_t size = 0;
    for (std::size_t i = 1; i <= 4; ++i)
        size = size << 8U | static_cast<unsigned char>(gzip[gzip.size() - i]);

    std::string plain(size, '\0');
    const auto deflated = gzip.substr(header, gzip.size() - header - trailer);
    boost::beast::zlib::z_params at;
    at.next_in = deflated.data();
    at.avail_in = deflated.size();
    at.next_out = plain.data();
    at.avail_out = plain.size();
    boost::beast::error_code failure;
    boost::beast::zlib::inflate_stream{}.write(at, boost::beast::zlib::Flush::finish, failure);
    if (at.avail_out != 0)
        throw std::logic_error{"an embedded file is damaged"};
    return plain;
}

/// RFC 9110, 12.5.3, as far as browsers and curl need it: a mention by name that is not ruled out by a quality of 0.
bool takes_gzip(const http::request& q) {
    const auto accepted = q.headers.get("Accept-Encoding");
    for (const auto& [coding, parameters] : boost::beast::http::ext_list{{accepted.data(), accepted.size()}})
        if (ascii_iequals({coding.data(), coding.size()}, "gzip"))
            return std::none_of(parameters.begin(), parameters.end(), [](const auto& each) {
                return each.first == "q" && each.second.find_first_not_of("0.") == boost::beast::string_view::npos;
            });
    return false;
}

/// A strong ETag is that of one form (RFC 9110, 8.8.3.3).
std::string etag_of(const web::asset& a, bool is_packed) {
    std::string tag{a.etag};
    if (is_packed)
        tag.insert(tag.size() - 1, "-gzip");
    return tag;
}

http::response shown(const http::request& q, const web::asset& a) {
    const bool is_packed = takes_gzip(q);
    auto etag = etag_of(a, is_packed);
    http::response answer;
    if (http::evaluate_preconditions(q, etag) == http::precondition::not_modified) {
        answer.status = http::status::not_modified;
    } else {
        answer.content_type = a.content_type;
        answer.body = is_packed ? std::string{a.gzip} : unpacked(a.gzip);
        if (is_packed)
            answer.set("Content-Encoding", "gzip");
    }
    answer.set("ETag", std::move(etag));
    answer.set("Cache-Control", a.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    answer.set("Vary", "Accept-Encoding");
    return answer;
}

awaitable<http::response> asset_of_graphiql(const http::request& q) {
    const auto* found = web::find_asset("graphiql", q.parameter("name"));
    co_return found ? shown(q, *found) : http::problem(http::status::not_found, "there is no such file");
}

} // namespace

http::response graphiql_page(const http::request& q) {
    const auto* found = web::find_asset("graphiql", "index.html");
    auto answer = found ? shown(q, *found)
                        : http::response{.content_type = "text/html; charset=utf-8", .body = std::string{without_graphiql}};
    answer.set("Content-Security-Policy", std::string{policy});
    return answer;
}

void add_asset_routes(http::router& to) {
    to.get("/graphql/assets/{name}", "A file of GraphiQL", asset_of_graphiql);
}

} // namespace atrium::app
