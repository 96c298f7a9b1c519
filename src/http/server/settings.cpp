#include <base/text.hpp>
#include <config/schema.hpp>
#include <http/address_group.hpp>
#include <http/origin.hpp>
#include <http/settings.hpp>
#include <http/token.hpp>

#include <boost/asio/ip/address.hpp>

// Each function lists all members of its struct, so that a new member does not compile until it is declared as well.

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using config::kibibyte;
using config::mebibyte;

config::text_rule internet_address() {
    return {"an IPv4 or IPv6 address", [](std::string_view text) {
                boost::system::error_code failure;
                boost::asio::ip::make_address(std::string{text}, failure);
                return !failure;
            }};
}

config::text_rule page_origin() {
    return {R"("*" or an origin such as "https://example.com" (an IPv4 address in full: 127.0.0.1))",
            [](std::string_view text) { return text == "*" || normalize_origin(text).has_value(); }};
}

/// A name as in a Host field, without a port. A name that is not ASCII must be in Punycode.
config::text_rule host_name() {
    return {R"(a host name without a port, such as "atrium.example.com")", [](std::string_view text) {
                constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
                return !text.empty() && text != "." && ascii_lower(text).find_first_not_of(allowed) == std::string::npos;
            }};
}

config::text_rule network_or_address() {
    return {R"(an IPv4 or IPv6 address or network such as "10.0.0.0/8")",
            [](std::string_view text) { return address_network::parse(std::string{text}).has_value(); }};
}

config::text_rule header_name() {
    return {R"(the name of a header, such as "baggage")", is_token};
}

void declare_limits(config::schema& schema, http::limits& limits) {
    auto& [memory, target, header, fields, body, connections, connections_per_address, address_share, requests_per_connection,
           pipeline, unsent] = limits;
    schema.section("http.limits", "Limits for requests and connections. Sizes are in bytes.");
    schema.integer(
        "http.limits.memory", memory, 0, 1024 * 1024 * mebibyte,
        "Memory that all clients together may cause the process to use: for bodies and messages that arrive, responses that "
        "clients have not received yet, subscriptions and caches. When it is used up, new requests get 503, and the connection "
        "that uses the most memory without making progress is closed. 0 means a quarter of the memory of the machine or its "
        "control group, and at most 512 MiB; any other value must be at least 16 MiB.");
    schema.rule({"http.limits.memory"}, [&memory]() -> std::vector<std::string> {
        if (memory == 0 || memory >= 16 * mebibyte)
            return {};
        return {"http.limits.memory is less than 16 MiB (16777216) and not 0"};
    });
    schema.integer("http.limits.target", target, 64, mebibyte,
                   "Maximum length of a request's path and query; a longer one gets 414.");
    schema.integer("http.limits.header", header, kibibyte, mebibyte,
                   "Maximum size of a request's header, with the request line; a larger one gets 431.");
    schema.integer("http.limits.fields", fields, 1, 10'000,
                   "Maximum number of header fields in a request; a request with more gets 431.");
    schema.integer("http.limits.body", body, 0, 1024 * mebibyte,
                   "Maximum size of a request's body, without its transfer coding; a larger one gets 413.");
    schema.integer("http.limits.connections", connections, 1, 1'000'000,
                   "Maximum number of open connections. Beyond it, a new connection replaces the one that has been idle "
                   "longest. If none is idle, it replaces the one whose request header has been arriving longest. If no "
                   "connection can be replaced, the new one waits until one closes or becomes idle.");
    schema.integer(
        "http.limits.connections_per_address", connections_per_address, 0, 1'000'000,
        "Maximum number of open connections from one address; further ones get 503. 0 means no limit, which is needed "
        "behind a proxy, because all connections come from the address of the proxy.");
    schema.integer("http.limits.address_share", address_share, 1, 100,
                   "Share of http.limits.connections, in percent, that one address may have; the rest is kept for others. If "
                   "an address has used up its share, a new connection from this address replaces one of its idle connections; "
                   "if all of them are busy, the new one gets 503. An IPv6 network of 64 bits counts as one address. 100 means "
                   "no limit, which is needed behind a proxy.");
    schema.integer("http.limits.requests_per_connection", requests_per_connection, 0, 1'000'000'000,
                   "Number of requests after which a connection is closed. 0 means no limit.");
    schema.integer("http.limits.pipeline", pipeline, 1, 10'000,
                   "Maximum number of responses to pipelined requests that are collected and then written together. Further "
                   "requests are answered after that write.");
    schema.integer("http.limits.unsent", unsent, 4 * kibibyte, 64 * mebibyte,
                   "When the collected responses reach this size in bytes, they are written before the next request is read.");
}

void declare_deadlines(config::schema& schema, http::deadlines& deadlines) {
    auto& [idle, header, body, handler, write, drain, memory] = deadlines;
    schema.section("http.deadlines",
                   "How long each phase of a connection may take. The time of each phase is measured separately.");
    schema.duration("http.deadlines.idle", idle, 10ms, 24h,
                    "How long a connection may stay idle between two requests before it is closed.");
    schema.duration("http.deadlines.header", header, 10ms, 1h,
                    "How long a request's header may take to arrive after its first byte. If it takes longer, the request gets "
                    "408. A TLS handshake may take the same time.");
    schema.duration(
        "http.deadlines.body", body, 10ms, 1h,
        "How long a request's body may take to arrive after the end of the header. If it takes longer, the request gets 408.");
    schema.duration("http.deadlines.handler", handler, 10ms, 1h,
                    "How long the server may take to answer a request; then the request gets 503.");
    schema.duration(
        "http.deadlines.write", write, 10ms, 1h,
        "How long a client may take to receive a response, or a piece of a streamed one; then the connection is closed.");
    schema.duration("http.deadlines.drain", drain, 10ms, 1min,
                    "How long the server continues to read after it has refused a request early, so that the client can "
                    "receive the response.");
    schema.duration(
        "http.deadlines.memory", memory, 10ms, 1h,
        "How long a request for a list, or a GraphQL operation, waits for memory for its response if http.limits.memory is "
        "used up. If there is still no memory after this time, the request gets 503, and an operation on a WebSocket gets an "
        "error.");
}

void declare_stream(config::schema& schema, stream_settings& stream) {
    auto& [keep_alive] = stream;
    schema.section("http.stream", "Responses that continue while the client stays connected, such as server-sent events.");
    schema.duration("http.stream.keep_alive", keep_alive, 10ms, 1h,
                    "How long a stream may be silent before the server sends a keep-alive, so that no proxy closes the "
                    "connection.");
}

void declare_web_socket(config::schema& schema, web_socket_settings& web_socket) {
    auto& [origins, message, unsent, message_deadline, ping, silence, close] = web_socket;
    schema.section("http.web_socket", "WebSockets. http.deadlines.write applies to each message.");
    schema.list(
        "http.web_socket.origins", origins, page_origin(),
        "Origins whose pages may open a WebSocket, in addition to this server's own and those of http.cors_origin. Browsers "
        "leave this check to the server: a page of an origin that is listed here can act on behalf of its visitors.");
    schema.integer("http.web_socket.message", message, 125, 1024 * mebibyte,
                   "Maximum size of a message from a client; a larger one closes the WebSocket with 1009.");
    schema.integer(
        "http.web_socket.unsent", unsent, 4 * kibibyte, 1024 * mebibyte,
        "Maximum size of the messages that wait until a client reads them; beyond it, the WebSocket is closed with 1013.");
    schema.duration(
        "http.web_socket.message_deadline", message_deadline, 10ms, 1h,
        "How long a client may take to send a whole message, from its first bytes; then the WebSocket is closed with "
        "1008.");
    schema.duration("http.web_socket.ping", ping, 10ms, 24h, "How long a client may be silent before the server sends a ping.");
    schema.duration("http.web_socket.silence", silence, 10ms, 24h,
                    "How long a client may be silent, even after a ping, before the connection is closed. Must be longer than "
                    "http.web_socket.ping.");
    schema.duration("http.web_socket.close", close, 10ms, 1h,
                    "How long a client may take to answer the server's close frame before the connection is closed.");
    schema.rule({"http.web_socket.silence", "http.web_socket.ping"}, [&web_socket]() -> std::vector<std::string> {
        if (web_socket.silence > web_socket.ping)
            return {};
        return {"http.web_socket.silence is not longer than http.web_socket.ping; no ping could be answered in time"};
    });
}

config::text_rule pem_file() {
    return {R"("" or the name of a PEM file)", [](std::string_view) { return true; }};
}

void declare_tls(config::schema& schema, tls_settings& tls) {
    auto& [certificate, key, trust] = tls;
    schema.section("tls", "TLS 1.2 and 1.3. Names of files are relative to the working directory.");
    schema.text("tls.certificate", certificate, pem_file(),
                "PEM file with the certificate of this server, followed by the intermediate certificates. If this is set, the "
                "server speaks HTTPS instead of HTTP on its port. SIGHUP makes the server read the certificate and the key "
                "again. \"\" means no TLS.");
    schema.text("tls.key", key, pem_file(), "PEM file with the private key of the certificate, without a password.");
    schema.rule({"tls.certificate", "tls.key"}, [&tls]() -> std::vector<std::string> {
        if (tls.certificate.empty() == tls.key.empty())
            return {};
        return {tls.key.empty() ? "tls.certificate is set without tls.key; HTTPS needs both"
                                : "tls.key is set without tls.certificate; HTTPS needs both"};
    });
    schema.text("tls.trust", trust, pem_file(),
                "PEM file with authorities that this process trusts when it calls other servers by https, in addition to the "
                "authorities of the system. It may also contain self-signed certificates of servers.");
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    auto& [address, port, allow_unauthenticated_network, threads, hosts, trusted_proxies, access_log, cors_origins,
           cors_headers, limits, deadlines, stream, web_socket, tls] = settings;
    schema.section("http", "How clients reach the server.");
    schema.text("http.address", address, internet_address(),
                "Address on which the server listens: 127.0.0.1 for this machine alone, 0.0.0.0 for all of its IPv4 addresses, "
                ":: for all of its addresses.");
    schema.integer("http.port", port, 0, 65535, "TCP port. 0 picks a free port; the first log line reports it.");
    schema.boolean("http.allow_unauthenticated_network", allow_unauthenticated_network,
                   "Allows the server to listen on an address that other machines can reach although auth.mode is \"none\". "
                   "Every client that reaches this address may then do everything.");
    schema.integer("http.threads", threads, 0, 1024,
                   "Number of threads that serve clients, each with its own connections. 0 starts one for each core.");
    schema.list("http.hosts", hosts, host_name(),
                "Names by which clients may call this server, in addition to \"localhost\" and IP addresses. A request with "
                "another Host gets 421. Otherwise any web site could point a host name of its own at this server, and browsers "
                "would let the pages of that site read everything here.");
    schema.list("http.trusted_proxies", trusted_proxies, network_or_address(),
                "Addresses and networks of proxies whose Forwarded or X-Forwarded-For header is believed. If a proxy sets only "
                "one of these headers, it must remove the other one. If an item of this list is an IPv6 address or network, "
                "only its first 64 bits are compared with the address of a proxy.");
    schema.choice(
        "http.access_log", access_log,
        {{"off", access_log_format::off}, {"combined", access_log_format::combined}, {"json", access_log_format::json}},
        "Format of the line that is written to standard output for each response. \"combined\" is the format of Apache's httpd "
        "with the request id at the end.");
    schema.text_or_list(
        "http.cors_origin", cors_origins, page_origin(),
        "Origins of other web sites whose scripts may read and change everything (CORS). \"\" allows none, \"*\" allows all.");
    schema.list("http.cors_headers", cors_headers, header_name(),
                "Request headers that scripts of the origins in http.cors_origin may set, in addition to those that Atrium "
                "reads itself.");
    declare_limits(schema, limits);
    declare_deadlines(schema, deadlines);
    declare_stream(schema, stream);
    declare_web_socket(schema, web_socket);
    declare_tls(schema, tls);
}

} // namespace atrium::http
