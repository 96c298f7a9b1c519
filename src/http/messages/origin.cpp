#include <base/text.hpp>
#include <http/origin.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/url/authority_view.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace atrium::http {
namespace {

constexpr std::string_view scheme_end = "://";
constexpr std::string_view secure_scheme = "https";
constexpr std::string_view plain_scheme = "http";

bool is_plain_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '%'; });
}

/// An IPv6 address, without brackets, in the form that browsers use (WHATWG URL, section 3.5); empty for other text. Unlike
/// inet_ntop, browsers never write the last four bytes as an IPv4 address.
std::string normalize_ipv6(std::string_view text) {
    boost::system::error_code invalid;
    const auto address = boost::asio::ip::make_address_v6(std::string{text}, invalid);
    if (invalid)
        return {};
    auto spelled = address.to_string();
    if (spelled.find('.') == std::string::npos)
        return spelled;
    const auto bytes = address.to_bytes();
    std::array<char, 10> tail{};
    const auto length =
        std::snprintf(tail.data(), tail.size(), "%x:%x", bytes[12] << 8U | bytes[13], bytes[14] << 8U | bytes[15]);
    return spelled.substr(0, spelled.rfind(':') + 1) + std::string(tail.data(), static_cast<std::size_t>(length));
}

/// Whether browsers treat a host in lower case as an IPv4 address, because its last label is a number (WHATWG URL,
/// section 3.5).
bool ends_in_a_number(std::string_view host) {
    if (host.ends_with('.'))
        host.remove_suffix(1);
    const auto label = host.substr(host.rfind('.') + 1);
    if (label.starts_with("0x"))
        return label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
    return !label.empty() && label.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_canonical_ipv4(std::string_view host) {
    boost::system::error_code invalid;
    const auto address = boost::asio::ip::make_address_v4(std::string{host}, invalid);
    return !invalid && address.to_string() == host;
}

/// A host in the form that browsers use; empty if they never send it.
std::string normalize_host(std::string_view text) {
    if (text.starts_with('[')) {
        const auto address = normalize_ipv6(text.substr(1, text.size() - 2));
        return address.empty() ? address : "[" + address + "]";
    }
    auto host = ascii_lower(text);
    return ends_in_a_number(host) && !is_canonical_ipv4(host) ? std::string{} : host;
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
    const auto parsed = boost::urls::parse_authority(boost::core::string_view{rest.data(), rest.size()});
    if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty())
        return std::nullopt;
    if (parsed->has_port() && parsed->port_number() == 0) // Boost also returns 0 for a port that is empty or greater than 65535
        return std::nullopt;

    const auto encoded_host = parsed->encoded_host();
    const auto host = normalize_host({encoded_host.data(), encoded_host.size()});
    if (host.empty())
        return std::nullopt;
    auto origin = scheme + std::string{scheme_end} + host;
    const auto default_port = scheme == secure_scheme ? 443 : 80;
    if (parsed->has_port() && parsed->port_number() != default_port)
        origin += ":" + std::to_string(parsed->port_number());
    return origin;
}

} // namespace atrium::http
