#include <base/text.hpp>
#include <http/forwarded.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {
namespace {

namespace ip = boost::asio::ip;

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Splits a text at a separator that is not within quotes.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool is_quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            is_quoted = !is_quoted;
        else if (text[i] == separator && !is_quoted) {
            parts.push_back(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trim(text.substr(begin)));
    return parts;
}

/// The items of all fields of this name: they are one list (RFC 9110, section 5.3).
std::vector<std::string_view> items_of(const fields& headers, std::string_view name) {
    std::vector<std::string_view> items;
    for (const auto& field : headers.all())
        if (ascii_iequals(field.name, name))
            for (const auto item : split(field.value, ','))
                items.push_back(item);
    return items;
}

/// Parses "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80" or "2001:db8::1". Empty for "unknown" and for
/// obfuscated names.
std::optional<ip::address> parse_node(std::string_view node) {
    if (node.starts_with('['))
        node = node.substr(1, node.find(']') - 1);
    else if (std::ranges::count(node, ':') == 1)
        node = node.substr(0, node.find(':'));
    boost::system::error_code failure;
    auto address = ip::make_address(std::string{node}, failure);
    return failure ? std::nullopt : std::optional{std::move(address)};
}

/// The node in the parameter `for` of an element of `Forwarded`.
std::string_view node_of(std::string_view element) {
    for (const auto pair : split(element, ';')) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !ascii_iequals(trim(pair.substr(0, equals)), "for"))
            continue;
        const auto value = trim(pair.substr(equals + 1));
        return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2) : value;
    }
    return {};
}

std::vector<std::string_view> nodes_of(const fields& headers, bool is_standard) {
    if (!is_standard)
        return items_of(headers, "X-Forwarded-For");
    auto nodes = items_of(headers, "Forwarded");
    std::ranges::transform(nodes, nodes.begin(), node_of);
    return nodes;
}

bool is_trusted(const ip::address& address, std::span<const address_network> trusted_proxies) {
    return std::ranges::any_of(trusted_proxies, [group = group_of(address)](const auto& n) { return n.contains(group); });
}

/// Goes from the peer towards the client as long as the proxies are trusted. Each one reports the address before it.
ip::address follow(const std::vector<std::string_view>& nodes, const ip::address& peer,
                   std::span<const address_network> trusted_proxies) {
    auto client = peer;
    for (auto node = nodes.rbegin(); node != nodes.rend() && is_trusted(client, trusted_proxies); ++node) {
        const auto address = parse_node(*node);
        if (!address)
            break;
        client = *address;
    }
    return client;
}

} // namespace

ip::address find_client_address(const fields& headers, const ip::address& peer,
                                std::span<const address_network> trusted_proxies) {
    if (!is_trusted(peer, trusted_proxies))
        return peer;
    const auto standard = nodes_of(headers, true);
    const auto common = nodes_of(headers, false);
    const auto client = follow(standard.empty() ? common : standard, peer, trusted_proxies);
    if (!standard.empty() && !common.empty() && follow(common, peer, trusted_proxies) != client)
        return peer;
    return client;
}

} // namespace atrium::http
