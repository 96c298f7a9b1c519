#include "broker_url.hpp"

#include "amqp.hpp"

#include <base/printable.hpp>
#include <base/text.hpp>
#include <events/rabbitmq/settings.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace atrium::events::rabbitmq {

namespace {

constexpr std::size_t max_vhost = 255; // in bytes; the maximum length of a short string (AMQP 0-9-1, 4.2.5.3)

error refusal() {
    return {errc::invalid, "must be of the form amqp://USER:PASSWORD@HOST:PORT/VHOST or amqps://..., with a host, and with "
                           "special characters of a part percent-encoded (\"/\" as %2F)"};
}

/// The part of a URL after user and password: host, port and virtual host. Empty if it is not a URL.
std::string_view behind_user(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return {};
    const auto rest = url.substr(scheme + 3);
    const auto at_sign = rest.substr(0, rest.find('/')).rfind('@');
    return rest.substr(at_sign + 1); // without '@', this is the whole rest, because npos + 1 is 0
}

/// Whether the URL has characters that librabbitmq accepts although no URL may contain them, or that it misinterprets: for
/// librabbitmq, NUL ends a part, even if it is written as "%00", and "?" and "#" are ordinary characters.
bool has_odd_characters(std::string_view url) {
    const auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '?' || c == '#'; };
    const auto rest = behind_user(url);
    return std::any_of(rest.begin(), rest.end(), is_odd) || url.find('\0') != std::string_view::npos ||
           url.find("%00") != std::string_view::npos;
}

bool has_host(std::string_view host_and_port) {
    return !host_and_port.empty() && !host_and_port.starts_with(':') && !host_and_port.starts_with("[]");
}

/// Whether the port is missing, or is a positive number that is written only in digits. librabbitmq refuses a number above
/// 65535.
bool has_port_or_none(std::string_view host_and_port) {
    const auto colon = host_and_port.find(':', host_and_port.starts_with('[') ? host_and_port.find(']') : 0);
    if (colon == std::string_view::npos)
        return true;
    const auto port = host_and_port.substr(colon + 1);
    return port.find_first_not_of("0123456789") == std::string_view::npos &&
           port.find_first_not_of('0') != std::string_view::npos;
}

/// Whether the decoded host and virtual host can be used. They must be checked, because percent-encoding can produce any bytes.
bool is_usable(const broker_url& url) {
    return is_printable(url.host) && url.host.find(' ') == std::string::npos && url.vhost.size() <= max_vhost &&
           is_utf8(url.vhost) && !has_control_character(url.vhost);
}

} // namespace

result<> check_url(std::string_view text) {
    const auto url = broker_url::parse(text);
    return url ? result<>{} : url.error();
}

result<broker_url> broker_url::parse(std::string_view text) {
    const auto rest = behind_user(text);
    const auto host_and_port = rest.substr(0, rest.find('/'));
    if (has_odd_characters(text) || !has_host(host_and_port) || !has_port_or_none(host_and_port))
        return refusal();
    std::string scratch{text}; // amqp_parse_url writes into it, and its result points into it
    amqp_connection_info parts{};
    if (amqp_parse_url(scratch.data(), &parts) != AMQP_STATUS_OK)
        return refusal();
    broker_url url{.user = parts.user,
                   .password = parts.password,
                   .host = parts.host,
                   .port = parts.port,
                   .vhost = parts.vhost,
                   .tls = parts.ssl != 0};
    if (url.vhost.empty()) // "amqp://host/" means, literally, the virtual host "", which does not exist in practice
        url.vhost = "/";
    return is_usable(url) ? result<broker_url>{std::move(url)} : refusal();
}

std::string broker_url::without_password() const {
    const auto text = (tls ? "amqps://" : "amqp://") + user + '@' + authority(host, port);
    return text + (vhost.starts_with('/') ? vhost : '/' + vhost);
}

} // namespace atrium::events::rabbitmq
