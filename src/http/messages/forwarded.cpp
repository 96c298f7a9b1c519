#include "messages/blanks.hpp"

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

/// Splits a text at a separator that is not within a quoted string (RFC 9110, section 5.6.4). Empty if a quoted string does not
/// end, because then the text that a client has written could hide the text that a proxy has appended.
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

std::vector<std::string_view> split_at_commas(std::string_view text) {
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

/// The report of a proxy about the client or proxy from which it has received the request.
struct report {
    std::string_view node = {};
    std::string_view protocol = {};
};

std::string_view unquote(std::string_view value) {
    return value.size() >= 2 && value.front() == '"' && value.back() == '"' ? value.substr(1, value.size() - 2) : value;
}

/// The parameters `for` and `proto` of an element of `Forwarded`; if one is repeated, the first one counts.
report report_of(std::string_view element) {
    report element_report;
    for (const auto pair : split(element, ';').value_or(std::vector<std::string_view>{})) {
        const auto equals = std::min(pair.find('='), pair.size());
        const auto name = trim_blanks(pair.substr(0, equals));
        auto* target = ascii_iequals(name, "for")     ? &element_report.node
                       : ascii_iequals(name, "proto") ? &element_report.protocol
                                                      : nullptr;
        if (target && target->empty() && equals < pair.size())
            *target = unquote(trim_blanks(pair.substr(equals + 1)));
    }
    return element_report;
}

// All fields with the same name form one list (RFC 9110, section 5.3).

/// The elements of `Forwarded`: an empty list if the request has none, and no list if a field breaks the grammar.
std::optional<std::vector<report>> standard_reports_of(const fields& headers) {
    std::vector<report> reports;
    for (const auto& field : headers.all()) {
        if (!ascii_iequals(field.name, "Forwarded"))
            continue;
        const auto elements = split(field.value, ',');
        if (!elements)
            return std::nullopt;
        for (const auto element : *elements)
            reports.push_back(report_of(element));
    }
    return reports;
}

/// The nodes of `X-Forwarded-For`, which has no quoted strings.
std::vector<report> common_reports_of(const fields& headers) {
    std::vector<report> reports;
    for (const auto& field : headers.all())
        if (ascii_iequals(field.name, "X-Forwarded-For"))
            for (const auto node : split_at_commas(field.value))
                reports.push_back({.node = node});
    return reports;
}

bool is_trusted(const ip::address& address, std::span<const address_network> trusted_proxies) {
    return std::ranges::any_of(trusted_proxies, [group = group_of(address)](const auto& n) { return n.contains(group); });
}

/// The client, and the report that has its address.
struct client_report {
    ip::address client;
    report last = {};
};

/// Follows the reports from the peer towards the client as long as the proxies are trusted. Each proxy reports the address from
/// which it has received the request.
client_report follow(const std::vector<report>& reports, const ip::address& peer,
                     std::span<const address_network> trusted_proxies) {
    client_report found{peer};
    for (auto each = reports.rbegin(); each != reports.rend() && is_trusted(found.client, trusted_proxies); ++each) {
        const auto address = parse_node(each->node);
        if (!address)
            break;
        found = {*address, *each};
    }
    return found;
}

} // namespace

ip::address find_client_address(const fields& headers, const ip::address& peer,
                                std::span<const address_network> trusted_proxies) {
    if (!is_trusted(peer, trusted_proxies))
        return peer;
    const auto standard = standard_reports_of(headers);
    if (!standard)
        return peer;
    const auto common = common_reports_of(headers);
    auto client = follow(standard->empty() ? common : *standard, peer, trusted_proxies).client;
    if (!standard->empty() && !common.empty() && follow(common, peer, trusted_proxies).client != client)
        return peer;
    return client;
}

bool reports_tls(const fields& headers, const ip::address& peer, std::span<const address_network> trusted_proxies) {
    if (!is_trusted(peer, trusted_proxies))
        return false;
    const auto standard = standard_reports_of(headers);
    if (!standard)
        return false;
    if (!standard->empty())
        return ascii_iequals(follow(*standard, peer, trusted_proxies).last.protocol, "https");
    return ascii_iequals(split_at_commas(headers.get("X-Forwarded-Proto")).front(), "https");
}

} // namespace atrium::http
