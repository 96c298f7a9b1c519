#include <base/text.hpp>
#include <http/client.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>

namespace atrium::http {
namespace {

/// Returns 0 if there is no valid port. An empty port means the default (RFC 3986, section 3.2.3). Boost parses the letters in
/// "http://host:letters" as a path after an empty port, so a path that does not begin with a slash stands for an invalid port.
std::uint16_t port_of(const boost::urls::url_view& url, std::uint16_t default_port) {
    const std::string_view path = url.encoded_path();
    if (!path.empty() && path.front() != '/')
        return 0;
    const std::string_view text = url.port();
    if (text.empty())
        return default_port;
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc{} ? port : std::uint16_t{0};
}

error refusal_of(std::string_view detail) {
    return {.code = errc::malformed, .detail = std::string{detail}};
}

} // namespace

result<base_url> parse_base_url(std::string_view text) {
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed)
        return refusal_of("it must be a URL such as \"http://127.0.0.1:8000\"");
    const auto& url = *parsed;
    const bool is_secure = url.scheme_id() == boost::urls::scheme::https;
    if (!is_secure && url.scheme_id() != boost::urls::scheme::http)
        return refusal_of("it must begin with http:// or https://");
    if (url.encoded_host().empty())
        return refusal_of("it must have a host");
    if (url.has_userinfo() || url.has_query() || url.has_fragment())
        return refusal_of("it must have no user, query or fragment");
    const auto port = port_of(url, is_secure ? 443 : 80);
    if (port == 0)
        return refusal_of("its port must be a number from 1 to 65535");

    base_url parts{.text = std::string{text},
                   .is_secure = is_secure,
                   .host = url.host_address(),
                   .port = port,
                   .authority = std::string{url.encoded_host_and_port()},
                   .path = std::string{url.encoded_path()}};
    while (parts.path.ends_with('/'))
        parts.path.pop_back();
    return parts;
}

bool base_url::is_exposed() const {
    if (is_secure || ascii_iequals(host, "localhost"))
        return false;
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    return not_an_address || !address.is_loopback();
}

} // namespace atrium::http
