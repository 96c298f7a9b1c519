#include <base/text.hpp>
#include <config/schema.hpp>
#include <http/origin.hpp>
#include <http/settings.hpp>
#include <http/token.hpp>

#include <boost/asio/ip/address.hpp>

// Each function names all members of its struct: a member that is added does not compile until it is declared as well.

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using config::kibibyte;
using config::mebibyte;

config::text_rule internet_address() {
    return {"an IPv4 or IPv6 address", [](std::string_view text) {
                boost::system::error_code wrong;
                boost::asio::ip::make_address(std::string{text}, wrong);
                return !wrong;
            }};
}

config::text_rule page_origin() {
    return {R"("*" or an origin such as "https://example.com" (an IPv4 address in full: 127.0.0.1))",
            [](std::string_view text) { return text == "*" || normalize_origin(text).has_value(); }};
}

/// As it stands in a Host field, without a port. Names beyond ASCII stand there in Punycode.
config::text_rule host_name() {
    return {R"(a host name without a port, such as "atrium.example.com")", [](std::string_view text) {
                constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
                return !text.empty() && text != "." && ascii_lower(text).find_first_not_of(allowed) == std::string::npos;
            }};
}

config::text_rule header_name() {
    return {R"(the name of a header, such as "baggage")", is_token};
}

void declare_limits(config::schema& schema, http::limits& limits) {
    auto& [target, header, fields, body, connections, connections_per_address, requests_per_connection, pipeline, unsent] =
        limits;
    schema.section("http.limits", "What one client may ask for. Sizes are in bytes.");
    schema.integer("http.limits.target", target, 64, mebibyte, "Length of a request's path and query; beyond it 414.");
    schema.integer("http.limits.header", header, kibibyte, mebibyte, "Size of a request's whole header; beyond it 431.");
    schema.integer("http.limits.fields", fields, 1, 10'000, "Number of a request's header fields; beyond it 431.");
    schema.integer("http.limits.body", body, 0, 1024 * mebibyte, "Size of a request's body; beyond it 413.");
    schema.integer("http.limits.connections", connections, 1, 1'000'000,
                   "Connections open at once. Further ones wait until one of them closes.");
    schema.integer(
        "http.limits.connections_per_address", connections_per_address, 0, 1'000'000,
        "Connections open at once from one address; beyond it 503. 0 is no limit: behind a proxy all clients are one address.");
    schema.integer("http.limits.requests_per_connection", requests_per_connection, 0, 1'000'000'000,
                   "Requests answered before a connection is closed. 0 is no limit.");
    schema.integer("http.limits.pipeline", pipeline, 1, 10'000,
                   "Answers to pipelined requests gathered for one write. Further requests wait in the socket.");
    schema.integer("http.limits.unsent", unsent, 4 * kibibyte, 64 * mebibyte,
                   "Size of the answers gathered before they are written and reading goes on.");
}

void declare_deadlines(config::schema& schema, http::deadlines& deadlines) {
    auto& [idle, header, body, handler, write, drain] = deadlines;
    schema.section("http.deadlines", "How long each phase of a connection may take. Each has a clock of its own.");
    schema.duration("http.deadlines.idle", idle, 10ms, 24h, "Between two requests; then the connection is closed silently.");
    schema.duration("http.deadlines.header", header, 10ms, 1h,
                    "From a request's first byte to the end of its header; then 408.");
    schema.duration("http.deadlines.body", body, 10ms, 1h, "From there to the end of its body; then 408.");
    schema.duration("http.deadlines.handler", handler, 10ms, 1h, "Until the request is answered; then 503.");
    schema.duration("http.deadlines.write", write, 10ms, 1h, "Until the client has taken the answer; then it is cut off.");
    schema.duration("http.deadlines.drain", drain, 10ms, 1min,
                    "How long to read on after a request was refused early, so that its sender can see the answer.");
}

void declare_stream(config::schema& schema, stream_settings& stream) {
    auto& [keep_alive] = stream;
    schema.section("http.stream", "Answers that go on for as long as the client stays, such as server-sent events.");
    schema.duration("http.stream.keep_alive", keep_alive, 10ms, 1h,
                    "After such a silence a sign of life is sent, so that nothing in between takes the connection for dead.");
}

void declare_web_socket(config::schema& schema, web_socket_settings& web_socket) {
    auto& [origins, message, unsent, ping, silence, close] = web_socket;
    schema.section("http.web_socket", "WebSockets. The deadline for writing is that of http.deadlines, for each message.");
    schema.list(
        "http.web_socket.origins", origins, page_origin(),
        "From whose pages browsers may open one, beside this server's own and those of http.cors_origin. Browsers leave that "
        "to the server: whoever is named here can act as the visitors of such a page.");
    schema.integer("http.web_socket.message", message, 125, 1024 * mebibyte,
                   "Size of one message from a client; beyond it the socket is closed with 1009.");
    schema.integer("http.web_socket.unsent", unsent, 4 * kibibyte, 1024 * mebibyte,
                   "Size of the messages that wait for a client to read; beyond it the socket is closed with 1013.");
    schema.duration("http.web_socket.ping", ping, 10ms, 24h, "A client that is silent for so long is pinged.");
    schema.duration("http.web_socket.silence", silence, 10ms, 24h,
                    "One that is silent for so long, also after a ping, is cut off.");
    schema.duration("http.web_socket.close", close, 10ms, 1h,
                    "Until a client has answered the server's close; then it is cut off.");
    schema.rule({"http.web_socket.silence", "http.web_socket.ping"}, [&web_socket]() -> std::vector<std::string> {
        if (web_socket.silence > web_socket.ping)
            return {};
        return {"http.web_socket.silence is not longer than http.web_socket.ping; no ping could be answered in time"};
    });
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    auto& [address, port, threads, hosts, cors_origins, cors_headers, limits, deadlines, stream, web_socket] = settings;
    schema.section("http", "How clients reach the server.");
    schema.text("http.address", address, internet_address(),
                "Where it listens. 127.0.0.1 is this machine alone, 0.0.0.0 every IPv4 and :: every address of it.");
    schema.integer("http.port", port, 0, 65535, "TCP port. 0 picks a free one; the first log line names it.");
    schema.integer("http.threads", threads, 0, 1024,
                   "Threads that serve, each with its own connections. 0 is one for each core.");
    schema.list("http.hosts", hosts, host_name(),
                "Names by which clients may call this server, beside \"localhost\" and IP addresses. A request with another "
                "Host gets 421: otherwise any web site could point a name of its own here and read everything.");
    schema.text_or_list("http.cors_origin", cors_origins, page_origin(),
                        "From which origins the scripts of other web sites may call (CORS), and change things. Empty: from "
                        "none. \"*\": from all.");
    schema.list("http.cors_headers", cors_headers, header_name(),
                "Request headers that such scripts may set, beside those that Atrium reads itself.");
    declare_limits(schema, limits);
    declare_deadlines(schema, deadlines);
    declare_stream(schema, stream);
    declare_web_socket(schema, web_socket);
}

} // namespace atrium::http
