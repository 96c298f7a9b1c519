#include "page.hpp"

#include <auth/secret.hpp>
#include <base/printable.hpp>

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace atrium::auth::page {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "code{word-break:break-all;background:#f0f0f0;padding:.1rem .3rem}label{display:block;margin:.8rem 0}"
    "input{font:inherit;width:100%;box-sizing:border-box;padding:.3rem}button{font:inherit;padding:.3rem 1rem;margin:.5rem 0}"
    ".note{border-left:.3rem solid #2563eb;padding:.2rem 1rem}";

/// This Content-Security-Policy allows only the style, which it identifies by its hash, and forms that are sent to this server.
const std::string& policy() {
    static const std::string text = [] {
        const auto hash = digest_of(style);
        std::array<unsigned char, 64> encoded{};
        const int size = EVP_EncodeBlock(encoded.data(), hash.data(), static_cast<int>(hash.size()));
        const std::string hash_text{reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
        return "default-src 'none'; style-src 'sha256-" + hash_text +
               "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    }();
    return text;
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

http::response make(http::status s, std::string_view content) {
    http::response answer{.status = s, .content_type = "text/html; charset=utf-8"};
    answer.body.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atrium: session</title><meta "
                       "name=\"viewport\" content=\"width=device-width\"><style>");
    answer.body.append(style).append("</style><h1>Atrium</h1>").append(content).append("</html>\n");
    answer.set("Content-Security-Policy", policy());
    answer.set("Cache-Control", "no-store");
    // With "no-referrer", browsers would send forms with the Origin "null". The server refuses such a request if it has no
    // Sec-Fetch-Site.
    answer.set("Referrer-Policy", "same-origin");
    return answer;
}

std::string note(std::string_view html) {
    return "<p class=\"note\" role=\"status\">" + std::string{html} + "</p>";
}

std::string description_of(const access::principal& principal) {
    std::string html = "<p>You are <strong>" + escape(principal.name()) + "</strong>, with the scopes <code>" +
                       escape(join_scopes(principal.scopes())) + "</code>";
    if (principal.expires())
        html += ", until " + to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(*principal.expires()));
    return html + ".</p><form method=\"post\" action=\"/session/end\"><button>Sign out</button></form>";
}

constexpr std::string_view token_form =
    "<h2>New token</h2><p>A program authenticates itself with a token: <code>Authorization: Bearer TOKEN</code>.</p>"
    "<form method=\"post\" action=\"/tokens\"><label>Name <input name=\"name\" required maxlength=\"100\" "
    "autocomplete=\"off\"></label><label>Scopes, such as <code>users:read orders:write</code>, or <code>admin</code> <input "
    "name=\"scopes\" required autocomplete=\"off\"></label><label>Expires, such as 2030-01-31T00:00:00Z, or empty for a token "
    "that never expires <input name=\"expires\" autocomplete=\"off\"></label><button>Create token</button></form>";

http::response session_page(http::status s, const access::principal& principal, std::string_view message) {
    return make(s,
                std::string{message} + description_of(principal) + std::string{principal.has(access::admin) ? token_form : ""});
}

} // namespace

http::response sign_in(http::status s, std::string_view message) {
    return make(s,
                (message.empty() ? "" : note(escape(message))) +
                    "<p>Sign in with a token of this server.</p><form method=\"post\" action=\"/session\"><label>Token <input "
                    "name=\"token\" type=\"password\" required autocomplete=\"off\"></label><button>Sign in</button></form>");
}

http::response session(const access::principal& principal) {
    return session_page(http::status::ok, principal, {});
}

http::response new_token(const access::principal& principal, const issued_token& issued) {
    return session_page(http::status::created, principal,
                        note("The token <strong>" + escape(issued.row.name) + "</strong> is <code>" + escape(issued.secret) +
                             "</code>. It is shown only now: copy it."));
}

http::response refused_token(const access::principal& principal, const error& reason) {
    auto text = reason.detail;
    for (const auto& each : reason.faults)
        text.append("; ").append(each.pointer.substr(each.pointer.starts_with('/') ? 1 : 0)).append(" ").append(each.detail);
    const auto status = http::problem(reason).status;
    return session_page(status, principal, note("No token was created: " + escape(text) + "."));
}

} // namespace atrium::auth::page
