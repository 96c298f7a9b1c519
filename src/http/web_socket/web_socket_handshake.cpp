#include "web_socket/web_socket_handshake.hpp"

#include <base/text.hpp>
#include <http/web_socket.hpp>

#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr std::string_view supported_version = "13";

/// Whether a comma-separated list, which may span several fields, contains a token, without regard to ASCII case.
bool list_contains(const request& q, std::string_view name, std::string_view token) {
    return std::any_of(q.headers.all().begin(), q.headers.all().end(), [&](const field& each) {
        return ascii_iequals(each.name, name) &&
               boost::beast::http::token_list{{each.value.data(), each.value.size()}}.exists({token.data(), token.size()});
    });
}

/// Whether a text is the base64 encoding of 16 bytes (RFC 6455, section 4.1).
bool is_key(std::string_view text) {
    const auto is_digit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    return text.size() == 24 && text.ends_with("==") && std::all_of(text.begin(), text.end() - 2, is_digit);
}

/// The response has no `Connection: Upgrade`, which would announce that the server itself is about to upgrade.
response upgrade_required(std::string_view detail) {
    auto answer = problem(status::upgrade_required, detail);
    answer.set("Upgrade", "websocket");
    answer.set("Sec-WebSocket-Version", std::string{supported_version});
    return answer;
}

} // namespace

bool wants_web_socket(const request& q) {
    // HTTP/1.0 has no upgrade (RFC 9110, section 7.8).
    return q.method == verb::get && q.version >= 11 && list_contains(q, "Connection", "upgrade") &&
           list_contains(q, "Upgrade", "websocket");
}

std::optional<response> refuse_handshake(const request& q) {
    if (!wants_web_socket(q))
        return upgrade_required("this path serves a WebSocket; the request does not ask for one");
    if (q.headers.count("Sec-WebSocket-Version") != 1)
        return problem(status::bad_request, "the handshake needs exactly one Sec-WebSocket-Version");
    if (q.headers.get("Sec-WebSocket-Version") != supported_version)
        return upgrade_required("this server supports only version 13 of the WebSocket protocol");
    if (q.headers.count("Sec-WebSocket-Key") != 1 || !is_key(q.headers.get("Sec-WebSocket-Key")))
        return problem(status::bad_request, "the handshake needs exactly one Sec-WebSocket-Key, which is base64 of 16 bytes");
    if (!q.body.empty())
        return problem(status::bad_request, "a WebSocket handshake must not have a body");
    return std::nullopt;
}

std::string_view choose_subprotocol(const request& q, const std::vector<std::string>& supported) {
    const auto offered = [&](const std::string& subprotocol) {
        return std::any_of(q.headers.all().begin(), q.headers.all().end(), [&](const field& each) {
            if (!ascii_iequals(each.name, "Sec-WebSocket-Protocol"))
                return false;
            const boost::beast::http::token_list list{{each.value.data(), each.value.size()}};
            return std::any_of(list.begin(), list.end(), [&](const auto& token) { // tokens are case-sensitive
                return std::string_view{token.data(), token.size()} == subprotocol;
            });
        });
    };
    const auto found = std::find_if(supported.begin(), supported.end(), offered);
    return found == supported.end() ? std::string_view{} : std::string_view{*found};
}

} // namespace atrium::http
