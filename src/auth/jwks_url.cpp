#include "jwks_url.hpp"

#include <base/malformed.hpp>

#include <algorithm>

namespace atrium::auth {

result<jwks_url> parse_jwks_url(std::string_view text) {
    const auto scheme_end = text.find("://");
    const auto target_begin = scheme_end == std::string_view::npos ? text.size() : text.find_first_of("/?#", scheme_end + 3);
    auto server = http::parse_base_url(text.substr(0, target_begin));
    if (!server)
        return server.error();
    if (server->is_exposed()) // another machine could impersonate the issuer
        return malformed(
            "it must begin with https://, because the keys from there decide which tokens are valid; http:// is allowed "
            "only if the host is localhost or a loopback address");
    std::string target{target_begin < text.size() ? text.substr(target_begin) : "/"};
    if (target.front() != '/')
        target.insert(target.begin(), '/');
    const auto is_allowed = [](char c) { return c > ' ' && c <= '~' && c != '#'; };
    if (!std::ranges::all_of(target, is_allowed))
        return malformed("its path and query must be percent-encoded, and it must not have a fragment");
    return jwks_url{*std::move(server), std::move(target)};
}

} // namespace atrium::auth
