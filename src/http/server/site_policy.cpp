#include "server/site_policy.hpp"

#include <base/text.hpp>

#include <boost/asio/ip/address_v4.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr refusal foreign_host{
    status::misdirected_request, "host",
    "the Host is not a name of this server, which answers to localhost, to IP addresses, and to the names in http.hosts"};
constexpr refusal foreign_page{
    status::forbidden, "cross_site",
    "pages of another origin may not change anything here; http.cors_origin lists the origins that may"};
constexpr refusal foreign_reader{
    status::forbidden, "cross_site",
    "pages of another origin may not open a stream here; http.cors_origin lists the origins that may"};
constexpr refusal foreign_socket{
    status::forbidden, "cross_site",
    "pages of another origin may not open a WebSocket here; http.cors_origin and http.web_socket.origins list the origins "
    "that may"};

bool changes_nothing(verb method) {
    return method == verb::get || method == verb::head || method == verb::options;
}

/// Whether a request asks for server-sent events. A browser does so for every EventSource, but not when a user follows a link,
/// so links from other sites still work.
bool asks_for_events(const request& q) {
    return std::any_of(q.headers.all().begin(), q.headers.all().end(), [](const field& each) {
        return ascii_iequals(each.name, "Accept") && ascii_lower(each.value).find("text/event-stream") != std::string::npos;
    });
}

/// The host in "host[:port]", without a trailing dot. An IPv6 address keeps its brackets.
std::string_view host_of(std::string_view authority) {
    const auto end = authority.starts_with('[') ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
    auto host = authority.substr(0, end);
    if (host.size() > 1 && host.ends_with('.'))
        host.remove_suffix(1);
    return host;
}

/// Whether a host is an IP address. The parser has checked that brackets contain an IPv6 address, or an address of a future
/// version.
bool is_address(std::string_view host) {
    if (host.starts_with('['))
        return true;
    if (host.empty() || host.front() < '0' || host.front() > '9')
        return false;
    boost::system::error_code failure;
    boost::asio::ip::make_address_v4(std::string{host}, failure);
    return !failure;
}

/// Host and port, without the port if it is the default one.
std::string_view without_port(std::string_view authority, std::string_view default_port) {
    return authority.ends_with(default_port) ? authority.substr(0, authority.size() - default_port.size()) : authority;
}

/// Host and port of an http or https origin; empty for other origins, such as "null" or that of a browser extension.
std::string_view authority_of(std::string_view origin) {
    for (const std::string_view scheme : {"https://", "http://"})
        if (origin.starts_with(scheme))
            return origin.substr(scheme.size());
    return {};
}

/// The scheme is not compared: behind a proxy with TLS the server sees http where the browser sees https.
bool is_own_origin(std::string_view origin, std::string_view host) {
    const std::string_view default_port = origin.starts_with("https:") ? ":443" : ":80";
    const auto authority = authority_of(origin);
    return !authority.empty() && ascii_iequals(without_port(authority, default_port), without_port(host, default_port));
}

/// Whether a page of another origin sends the request. Browsers set Sec-Fetch-Site and Origin, and no page can change these
/// fields. Sec-Fetch-Site decides if it is present, and Origin decides if it is not: old browsers do not send Sec-Fetch-Site,
/// and without TLS, browsers send it only to localhost and loopback addresses. If both are present and Origin contradicts
/// Sec-Fetch-Site, the request is cross-site. An Origin that is not http or https, such as "null", does not contradict
/// Sec-Fetch-Site, because it can result from the page's referrer policy.
bool is_cross_site(const request& q) {
    const auto& fields = q.headers;
    const auto origins = fields.count("Origin");
    const auto origin = fields.get("Origin");
    if (origins > 1)
        return true;
    const bool is_foreign = origins == 1 && !is_own_origin(origin, fields.get("Host"));
    if (!fields.has("Sec-Fetch-Site"))
        return is_foreign;
    const auto site = fields.get("Sec-Fetch-Site");
    if (fields.count("Sec-Fetch-Site") > 1 || (site != "same-origin" && site != "none"))
        return true;
    return is_foreign && !authority_of(origin).empty();
}

/// The origin of a URL that a browser sends as Referer; other text is returned unchanged, and matches no origin.
std::string_view origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

/// Whether only the Referer shows which page sends the request: a GET in mode no-cors has no Origin, and without TLS it has no
/// Sec-Fetch-Site. A page can omit the Referer too. Then its request looks like that of a program that is not a browser.
bool is_judged_by_referer(const request& q) {
    return q.headers.has("Referer") && !q.headers.has("Origin") && !q.headers.has("Sec-Fetch-Site");
}

bool is_listed(const origin_list& callers, const request& q) {
    return callers.has_every() || (q.headers.count("Origin") == 1 && callers.contains(q.headers.get("Origin")));
}

std::vector<std::string> normalize_hosts(const std::vector<std::string>& names) {
    std::vector<std::string> hosts{"localhost"};
    for (const auto& name : names)
        hosts.push_back(ascii_lower(host_of(name)));
    return hosts;
}

} // namespace

site_policy::site_policy(const settings& s)
    : hosts_{normalize_hosts(s.hosts)}, callers_{s.cors_origins}, web_socket_callers_{s.web_socket.origins} {}

const refusal* site_policy::refuse(const request& q) const {
    // A request without a Host is allowed: HTTP/1.0 does not need one, and every browser sends one.
    if (const auto host = q.headers.get("Host"); !host.empty() && !is_own_host(host)) [[unlikely]]
        return &foreign_host;
    if (!changes_nothing(q.method))
        return may_call(q) ? nullptr : &foreign_page;
    if (may_open_stream(q)) [[likely]]
        return nullptr;
    return asks_for_events(q) ? &foreign_reader : nullptr;
}

const refusal* site_policy::refuse_stream(const request& q) const {
    return may_open_stream(q) ? nullptr : &foreign_reader;
}

const refusal* site_policy::refuse_web_socket(const request& q) const {
    return may_call(q) || is_listed(web_socket_callers_, q) ? nullptr : &foreign_socket;
}

bool site_policy::is_own_host(std::string_view authority) const {
    const auto host = host_of(authority);
    return is_address(host) ||
           std::any_of(hosts_.begin(), hosts_.end(), [&](const auto& name) { return ascii_iequals(name, host); });
}

bool site_policy::may_call(const request& q) const {
    return !is_cross_site(q) || is_listed(callers_, q);
}

bool site_policy::may_open_stream(const request& q) const {
    if (!may_call(q))
        return false;
    if (!is_judged_by_referer(q)) [[likely]]
        return true;
    const auto origin = origin_of(q.headers.get("Referer"));
    return q.headers.count("Referer") == 1 && (is_own_origin(origin, q.headers.get("Host")) || callers_.contains(origin));
}

} // namespace atrium::http
