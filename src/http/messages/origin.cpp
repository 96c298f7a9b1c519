#include <base/text.hpp>
#include <http/origin.hpp>

#include <boost/url/authority_view.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr std::string_view scheme_end = "://";
constexpr std::string_view secure_scheme = "https";
constexpr std::string_view plain_scheme = "http";

bool is_plain_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '%'; });
}

} // namespace

std::optional<std::string> normalize_origin(std::string_view text) {
    const auto end = text.find(scheme_end);
    if (end == std::string_view::npos || !is_plain_ascii(text))
        return std::nullopt;
    const auto scheme = ascii_lower(text.substr(0, end));
    if (scheme != secure_scheme && scheme != plain_scheme)
        return std::nullopt;

    const auto rest = text.substr(end + scheme_end.size());
    const auto parsed = boost::urls::parse_authority(boost::urls::string_view{rest.data(), rest.size()});
    if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty())
        return std::nullopt;
    if (parsed->has_port() && parsed->port_number() == 0) // also what is empty or beyond 65535
        return std::nullopt;

    const auto host = parsed->encoded_host();
    auto origin = scheme + std::string{scheme_end} + ascii_lower({host.data(), host.size()});
    const auto default_port = scheme == secure_scheme ? 443 : 80;
    if (parsed->has_port() && parsed->port_number() != default_port)
        origin += ":" + std::to_string(parsed->port_number());
    return origin;
}

} // namespace atrium::http
