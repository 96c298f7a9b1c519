#include "messages/blanks.hpp"

#include <base/text.hpp>
#include <http/forwarded.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {
namespace {

namespace ip = boost::asio::ip;

/// Splits a text at a separator that is not within a quoted string (RFC 9110, section 5.6.4). Empty if a quoted string does not
/// end: what a client wrote before could then hide what a proxy has appended.
std::optional<std::vector<std::string_view>> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool is_quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            is_quoted = !is_quoted;
        else if (text[i] == separator && !is_quoted) {
            parts.push_back(trim_blanks(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    if (is_quoted)
        return std::nullopt;
    parts.push_back(trim_blanks(text.substr(begin)));
    return parts;
}

std::vector<std::string_view> split_plainly(std::string_view text) {
    std::vector<std::string_view> parts;
    for (auto comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
        parts.push_back(trim_blanks(text.substr(0, comma)));
        text.remove_prefix(comma + 1);
    }
    parts.push_back(trim_blanks(text));
    return parts;
}

/// Parses "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80" or "2001:db8::1". Empty for "unknown" and for
/// obfuscated names.
std::optional<ip::address> parse_node(std::string_view node) {
    if (node.starts_with('[')) {
        if (node.find(']') == std::string_view::npos)
            return std::nullopt;
        node = node.substr(1, node.find(']') - 1);
    } else if (std::ranges::count(node, ':') == 1) {
        node = node.substr(0, node.find(':'));
    }
    boost::system::error_code failure;
    auto address = ip::make_address(std::string{node}, failure);
    return failure ? std::nullopt : std::optional{std::move(address)};
}

/// The node in the parameter `for` of an element of `Forwarded`; empty if there is none.
std::string_view node_of(std::string_view element) {
    for (const auto pair : split(element, ';').value_or(std::vector<std::string_view>{})) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !ascii_iequals(trim_blanks(pair.substr(0, equals)), "for"))
            continue;
        const auto value = trim_blanks(pair.substr(equals + 1));
        return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2) : value;
    }
    return {};
}

// All fields of one name are one list (RFC 9110, section 5.3).

/// The nodes of `Forwarded`. Empty if a field breaks the grammar.
std::optional<std::vector<std::string_view>> standard_nodes_of(const fields& headers) {
    std::vector<std::string_view> nodes;
    for (const auto& field : headers.all()) {
        if (!ascii_iequals(field.name, "Forwarded"))
            continue;
        const auto elements = split(field.value, ',');
        if (!elements)
            return std::nullopt;
        for (const auto element : *elements)
            nodes.push_back(node_of(element));
    }
    return nodes;
}

/// The nodes of `X-Forwarded-For`, which has no quoted strings.
std::vector<std::string_view> common_nodes_of(const fields& headers) {
    std::vector<std::string_view> nodes;
    for (const auto& field : headers.all())
        if (ascii_iequals(field.name, "X-Forwarded-For"))
            std::ranges::copy(split_plainly(field.value), std::back_inserter(nodes));
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
    const auto standard = standard_nodes_of(headers);
    if (!standard)
        return peer;
    const auto common = common_nodes_of(headers);
    const auto client = follow(standard->empty() ? common : *standard, peer, trusted_proxies);
    if (!standard->empty() && !common.empty() && follow(common, peer, trusted_proxies) != client)
        return peer;
    return client;
}

} // namespace atrium::http
