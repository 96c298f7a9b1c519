#include "modules.hpp"

#include <app/settings.hpp>
#include <base/text.hpp>
#include <config/schema.hpp>
#include <events/topic_pattern.hpp>
#include <http/client.hpp>
#include <http/origin.hpp>
#include <http/token.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace atrium::app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kibibyte = 1024;
constexpr std::int64_t mebibyte = 1024 * kibibyte;

config::text_rule internet_address() {
    return {"an IPv4 or IPv6 address", [](std::string_view text) {
                boost::system::error_code wrong;
                boost::asio::ip::make_address(std::string{text}, wrong);
                return !wrong;
            }};
}

config::text_rule page_origin() {
    return {R"("*" or an origin such as "https://example.com" (an IPv4 address in full: 127.0.0.1))",
            [](std::string_view text) { return text == "*" || http::normalize_origin(text).has_value(); }};
}

/// As it stands in a Host field, without a port. Names beyond ASCII stand there in Punycode.
config::text_rule host_name() {
    return {R"(a host name without a port, such as "atrium.example.com")", [](std::string_view text) {
                constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._";
                return !text.empty() && text != "." && ascii_lower(text).find_first_not_of(allowed) == std::string::npos;
            }};
}

config::text_rule header_name() {
    return {R"(the name of a header, such as "baggage")", http::is_token};
}

config::text_rule url_of_service() {
    return {R"("" or an http URL (https is not supported) such as "http://127.0.0.1:8000")",
            [](std::string_view text) { return text.empty() || http::parse_base_url(text).has_value(); }};
}

config::text_rule event_topic() {
    return {R"(a topic such as "orders.order_created")", events::is_topic};
}

config::text_rule broker_url() {
    return {R"(of the form "amqp://USER:PASSWORD@HOST:PORT/VHOST" or "amqps://...", special characters of a part )"
            R"(percent-encoded ("/" as %2F))",
            [](std::string_view text) { return events::rabbitmq::check_url(text).has_value(); }, true};
}

void declare_http(config::schema& to, http::settings& s) {
    to.section("http", "How clients reach the server.");
    to.text("http.address", s.address, internet_address(),
            "Where it listens. 127.0.0.1 is this machine alone, 0.0.0.0 every IPv4 and :: every address of it.");
    to.integer("http.port", s.port, 0, 65535, "TCP port. 0 picks a free one; the first log line names it.");
    to.integer("http.threads", s.threads, 0, 1024,
               "Threads that serve, each with its own connections. 0 is one for each core.");
    to.list("http.hosts", s.hosts, host_name(),
            "Names by which clients may call this server, beside \"localhost\" and IP addresses. A request with another Host "
            "gets 421: otherwise any web site could point a name of its own here and read everything.");
    to.text_or_list("http.cors_origin", s.cors_origins, page_origin(),
                    "From which origins the scripts of other web sites may call (CORS), and change things. Empty: from none. "
                    "\"*\": from all.");
    to.list("http.cors_headers", s.cors_headers, header_name(),
            "Request headers that such scripts may set, beside those that Atrium reads itself.");

    auto& limits = s.limits;
    to.section("http.limits", "What one client may ask for. Sizes are in bytes.");
    to.integer("http.limits.target", limits.target, 64, mebibyte, "Length of a request's path and query; beyond it 414.");
    to.integer("http.limits.header", limits.header, kibibyte, mebibyte, "Size of a request's whole header; beyond it 431.");
    to.integer("http.limits.fields", limits.fields, 1, 10'000, "Number of a request's header fields; beyond it 431.");
    to.integer("http.limits.body", limits.body, 0, 1024 * mebibyte, "Size of a request's body; beyond it 413.");
    to.integer("http.limits.connections", limits.connections, 1, 1'000'000,
               "Connections open at once. Further ones wait until one of them closes.");
    to.integer(
        "http.limits.connections_per_address", limits.connections_per_address, 0, 1'000'000,
        "Connections open at once from one address; beyond it 503. 0 is no limit: behind a proxy all clients are one address.");
    to.integer("http.limits.requests_per_connection", limits.requests_per_connection, 0, 1'000'000'000,
               "Requests answered before a connection is closed. 0 is no limit.");
    to.integer("http.limits.pipeline", limits.pipeline, 1, 10'000,
               "Answers to pipelined requests gathered for one write. Further requests wait in the socket.");
    to.integer("http.limits.unsent", limits.unsent, 4 * kibibyte, 64 * mebibyte,
               "Size of the answers gathered before they are written and reading goes on.");

    auto& deadlines = s.deadlines;
    to.section("http.deadlines", "How long each phase of a connection may take. Each has a clock of its own.");
    to.duration("http.deadlines.idle", deadlines.idle, 10ms, 24h,
                "Between two requests; then the connection is closed silently.");
    to.duration("http.deadlines.header", deadlines.header, 10ms, 1h,
                "From a request's first byte to the end of its header; then 408.");
    to.duration("http.deadlines.body", deadlines.body, 10ms, 1h, "From there to the end of its body; then 408.");
    to.duration("http.deadlines.handler", deadlines.handler, 10ms, 1h, "Until the request is answered; then 503.");
    to.duration("http.deadlines.write", deadlines.write, 10ms, 1h,
                "Until the client has taken the answer; then it is cut off.");
    to.duration("http.deadlines.drain", deadlines.drain, 10ms, 1min,
                "How long to read on after a request was refused early, so that its sender can see the answer.");

    to.section("http.stream", "Answers that go on for as long as the client stays, such as server-sent events.");
    to.duration("http.stream.keep_alive", s.stream.keep_alive, 10ms, 1h,
                "After such a silence a sign of life is sent, so that nothing in between takes the connection for dead.");

    auto& web_socket = s.web_socket;
    to.section("http.web_socket", "WebSockets. The deadline for writing is that of http.deadlines, for each message.");
    to.list(
        "http.web_socket.origins", web_socket.origins, page_origin(),
        "From whose pages browsers may open one, beside this server's own and those of http.cors_origin. Browsers leave that "
        "to the server: whoever is named here can act as the visitors of such a page.");
    to.integer("http.web_socket.message", web_socket.message, 125, 1024 * mebibyte,
               "Size of one message from a client; beyond it the socket is closed with 1009.");
    to.integer("http.web_socket.unsent", web_socket.unsent, 4 * kibibyte, 1024 * mebibyte,
               "Size of the messages that wait for a client to read; beyond it the socket is closed with 1013.");
    to.duration("http.web_socket.ping", web_socket.ping, 10ms, 24h, "A client that is silent for so long is pinged.");
    to.duration("http.web_socket.silence", web_socket.silence, 10ms, 24h,
                "One that is silent for so long, also after a ping, is cut off.");
    to.duration("http.web_socket.close", web_socket.close, 10ms, 1h,
                "Until a client has answered the server's close; then it is cut off.");
}

void declare_graphql(config::schema& to, settings& all) {
    auto& limits = all.graphql;
    auto& s = all.graphql_http;
    to.section("graphql",
               "What one GraphQL request may ask for; what asks for more is refused before it runs, unless it is said "
               "otherwise. 0 is no limit.");
    to.integer("graphql.tokens", limits.tokens, 0, 10'000'000, "Tokens of the document.");
    to.integer("graphql.depth", limits.depth, 0, 1'000, "Fields within fields.");
    to.integer("graphql.aliases", limits.aliases, 0, 1'000'000, "Aliases.");
    to.integer("graphql.root_fields", limits.root_fields, 0, 1'000'000, "Fields of the operation itself.");
    to.integer("graphql.fields", limits.fields, 0, 1'000'000, "Fields of the operation, fragments where they are spread.");
    to.integer("graphql.cost", limits.cost, 0, 1'000'000'000,
               "Fields to be answered, those of a page's rows as often as the page is long. Long aliases cost more.");
    to.duration("graphql.time", limits.time, 0ms, 1h, "How long it may run; what has not been answered by then is null.");
    to.integer("graphql.response_bytes", limits.response_bytes, 0, 1024 * mebibyte,
               "Length of the response; what ran stays, but a longer one tells the error alone.");
    to.integer("graphql.cached_documents", limits.cached_documents, 0, 1'000'000,
               "Documents that are kept parsed, validated and planned. 0 keeps none.");
    to.integer("graphql.cached_bytes", limits.cached_bytes, 0, 1024 * mebibyte,
               "Memory for them: their texts, what was parsed, and their plans. 0 keeps none.");

    to.integer(
        "graphql.batch", s.batch, 0, 1'000,
        "Requests that one POST may hold as a JSON array; the limits above hold for all of them together. 0 refuses arrays.");
    to.boolean("graphql.introspection", all.introspection,
               "Whether clients may ask for the schema (__schema, __type). Without it errors suggest no names, either.");
    to.boolean("graphql.graphiql", all.graphiql, "Whether browsers get GraphiQL at /graphql/.");

    to.section("graphql.web_socket", "Subscriptions and other operations on a WebSocket (graphql-transport-ws).");
    to.integer("graphql.web_socket.operations", s.operations, 1, 1'000'000,
               "Operations at once on one connection; further ones are refused.");
    to.duration("graphql.web_socket.init", s.init, 10ms, 1h, "Until a client has introduced itself; then it is closed (4408).");
    to.duration("graphql.web_socket.slow_reader", s.slow_reader, 10ms, 1h,
                "How long a client may leave messages unread; then it is closed (1013).");
}

void declare_storage(config::schema& to, storage::sqlite::settings& s) {
    to.section("storage", "The database: one SQLite file (with -wal and -shm beside it while it is open).");
    to.path("storage.path", s.path, "The file, relative to the working directory. Its folder is made where it is missing.");
    to.integer("storage.queue_limit", s.queue_limit, 1, 1'000'000,
               "Changes that may wait for the disk; beyond it requests that change something get 503 with Retry-After.");
    to.integer("storage.batch_limit", s.batch_limit, 1, 100'000, "Changes that share one commit, at the most.");
    to.duration("storage.read_limit", s.read_limit, 10ms, 10min, "How long one read may compute; then the request gets 503.");
}

void declare_modules(config::schema& to, settings& s) {
    std::vector<std::string> names;
    for (const auto& module : compiled_modules())
        names.push_back(module.name);
    to.section("modules", "What runs in this process.");
    to.list("modules.enabled", s.modules, std::move(names),
            "The modules that serve here. Events for the others are kept for them in the database.");

    to.section("modules.orders", "What orders needs to know of the other modules.");
    to.text("modules.orders.users_url", s.users_url, url_of_service(),
            "Where users answers, if that is another process. Empty: users runs here. A host name in it must be one of "
            "http.hosts there.");
}

void declare_bridge(config::schema& to, events::rabbitmq::bridge& b) {
    to.text(".queue", b.queue, config::not_empty(), "A queue with default arguments on the default exchange.");
    to.choice(
        ".direction", b.direction,
        {{"publish", events::rabbitmq::bridge_direction::publish}, {"consume", events::rabbitmq::bridge_direction::consume}},
        "Out of Atrium or into it.");
    to.list(".topics", b.topics, config::not_empty(), "With publish: patterns of what goes out.");
    to.text(".topic", b.topic, event_topic(), "With consume: what a message becomes.");
    to.boolean(".durable", b.durable, "Whether the queue is durable; the program must declare it the same way.");
}

void declare_rabbitmq(config::schema& to, events::rabbitmq::settings& s) {
    to.section("bus.rabbitmq", "How the broker is reached and used; only with bus.adapter = \"rabbitmq\".");
    to.text("bus.rabbitmq.url", s.url, broker_url(), "Where the broker is and who we are there. The password is never logged.");
    to.text("bus.rabbitmq.exchange", s.exchange, config::not_empty(),
            "A durable topic exchange, made where it is missing. The names of the queues begin with it.");
    to.integer("bus.rabbitmq.window", s.window, 1, 100'000, "Messages sent and not confirmed yet, at the most.");
    to.integer("bus.rabbitmq.prefetch", s.prefetch, 1, 65'535,
               "Messages of one queue received and not stored yet, at the most.");
    to.duration("bus.rabbitmq.heartbeat", s.heartbeat, 1s, 10min, "A connection that is silent for twice this is lost.");
    to.duration("bus.rabbitmq.connect_timeout", s.connect_timeout, 100ms, 5min,
                "For a connection, and for each answer while it is set up.");
    to.text("bus.rabbitmq.ca_file", s.ca_file, config::not_empty(),
            "With amqps: who may have signed the broker's certificate (PEM).");
    to.boolean("bus.rabbitmq.verify", s.verify, "With amqps: whether certificate and host name are checked.");
    to.tables<events::rabbitmq::bridge>("bus.rabbitmq.bridge", s.bridges, declare_bridge,
                                        "Bridges to plain AMQP programs: a queue each, declared with default arguments. "
                                        "docs/rabbitmq.md says what they promise.",
                                        "[[bus.rabbitmq.bridge]]        # a program that reads orders\n"
                                        "queue = \"order_created\"\n"
                                        "direction = \"publish\"\n"
                                        "topics = [\"orders.order_created\"]\n"
                                        "\n"
                                        "[[bus.rabbitmq.bridge]]        # a program that sends them\n"
                                        "queue = \"orders_from_elsewhere\"\n"
                                        "direction = \"consume\"\n"
                                        "durable = true                 # as that program declares its queue\n"
                                        "topic = \"orders.order_created\"\n");
}

void declare_events(config::schema& to, settings& s) {
    to.section("bus", "What carries events from module to module.");
    to.choice("bus.adapter", s.bus,
              {{std::string{name_of(bus_adapter::in_process)}, bus_adapter::in_process},
               {std::string{name_of(bus_adapter::rabbitmq)}, bus_adapter::rabbitmq}},
              "\"in-process\": through the database alone. \"rabbitmq\": through a broker, so that modules may run in "
              "processes of their own.");
    declare_rabbitmq(to, s.rabbitmq);

    auto& retry = s.events.retry;
    to.section("events.retry", "When the handling of an event that failed is tried again.");
    to.integer("events.retry.attempts", retry.attempts, 1, 1'000,
               "How often it is tried before it becomes a dead letter, which waits for a person.");
    to.duration("events.retry.first_delay", retry.first_delay, 1ms, 24h,
                "Before the second attempt; doubled for each further one.");
    to.duration("events.retry.longest_delay", retry.longest_delay, 1ms, 24h * 7, "Between two attempts, at the most.");

    auto& retention = s.events.retention;
    to.section("events.retention", "How much history is kept. What is not handled yet, and dead letters, stay in any case.");
    to.duration("events.retention.age", retention.age, 1h, 24h * 3650, "Older events are removed.");
    to.integer("events.retention.count", retention.count, 0, 1'000'000'000'000,
               "Events beyond this number are removed, the oldest first.");
    to.duration("events.retention.every", retention.every, 10ms, 24h, "How often to look for events to remove.");
}

void declare_operation(config::schema& to, settings& s) {
    to.section("log", "What is written to standard error.");
    to.choice("log.level", s.log.level,
              {{"trace", log_level::trace},
               {"debug", log_level::debug},
               {"info", log_level::info},
               {"warning", log_level::warning},
               {"error", log_level::error},
               {"off", log_level::off}},
              "The least important lines to write. Where the server listens is told in any case.");
    to.choice("log.format", s.log.format, {{"text", log_format::text}, {"json", log_format::json}},
              "\"text\" for people, \"json\" (one object a line) for programs.");

    to.section("shutdown",
               "What happens on SIGTERM and SIGINT: requests and event handlers that run are finished, then it ends.");
    to.duration(
        "shutdown.delay", s.shutdown_delay, 0ms, 1h,
        "How long requests are answered as before, while /readyz is 503 already: until load balancers have noticed. A second "
        "signal cuts it short.");
    to.duration(
        "shutdown.deadline", s.shutdown_deadline, 0ms, 1h,
        "How long the rest may take, after the delay. What still runs then is cut off; no acknowledged change is lost.");
}

void declare(config::schema& to, settings& s) {
    declare_http(to, s.http);
    declare_graphql(to, s);
    declare_storage(to, s.storage);
    declare_modules(to, s);
    declare_events(to, s);
    declare_operation(to, s);
}

/// One queue in both directions would send what it takes.
void check_bridges(const config::schema& schema, const settings& s, faults& found) {
    const auto& bridges = s.rabbitmq.bridges;
    const auto& origin = schema.origin("bus.rabbitmq.bridge");
    if (origin.empty())
        return; // none, or refused already: what was read of them until then is not what was written
    const auto where = origin + ": bus.rabbitmq.bridge[";
    for (std::size_t i = 0; i < bridges.size(); ++i) {
        const auto& b = bridges[i];
        const auto here = where + std::to_string(i) + "]";
        if (b.queue.empty())
            found.push_back(here + " has no queue");
        if (b.direction == events::rabbitmq::bridge_direction::publish ? b.topics.empty() : b.topic.empty())
            found.push_back(here + (b.topics.empty() && b.topic.empty()
                                        ? " has neither topics (to publish) nor a topic (to consume)"
                                        : " has topics to consume or a topic to publish; it is the other way round"));
        for (std::size_t j = 0; j < i; ++j)
            if (bridges[j].queue == b.queue)
                found.push_back(here + ".queue is " + b.queue + ", as is that of bridge[" + std::to_string(j) +
                                "]; each bridge needs a queue of its own");
    }
}

/// What no single key shows to be wrong.
void check_together(const config::schema& schema, const settings& s, faults& found) {
    check_bridges(schema, s, found);
    if (s.runs("orders") && !s.runs("users") && s.users_url.empty())
        found.push_back(
            schema.origin("modules.enabled") +
            ": modules.enabled has \"orders\" without \"users\"; orders asks users who a customer is: enable both, or "
            "say where users runs, as in modules.orders.users_url = \"http://127.0.0.1:8000\"");
    if (s.runs("orders") && s.runs("users") && !s.users_url.empty())
        found.push_back(
            schema.origin("modules.orders.users_url") +
            ": modules.orders.users_url says that users runs elsewhere, but modules.enabled has it run here; remove "
            "one of them");

    if (s.http.web_socket.silence <= s.http.web_socket.ping) {
        const auto* key = schema.origin("http.web_socket.silence").empty() ? "http.web_socket.ping" : "http.web_socket.silence";
        found.push_back(schema.origin(key) +
                        ": http.web_socket.silence is not longer than http.web_socket.ping; no ping could be answered in time");
    }

    const auto& retry = s.events.retry;
    if (retry.longest_delay < retry.first_delay) {
        const auto* key =
            schema.origin("events.retry.longest_delay").empty() ? "events.retry.first_delay" : "events.retry.longest_delay";
        found.push_back(schema.origin(key) +
                        ": events.retry.longest_delay is shorter than events.retry.first_delay; it can be equal or longer");
    }
}

} // namespace

std::string_view name_of(bus_adapter adapter) noexcept {
    switch (adapter) {
    case bus_adapter::in_process: return "in-process";
    case bus_adapter::rabbitmq: return "rabbitmq";
    }
    return {};
}

bool settings::runs(std::string_view module) const {
    return std::find(modules.begin(), modules.end(), module) != modules.end();
}

boost::system::result<settings, faults> read_settings(const config::sources& from) {
    settings made;
    config::schema schema;
    declare(schema, made);
    auto found = schema.load(from);
    check_together(schema, made, found);
    if (!found.empty())
        return found;
    return made;
}

std::string default_file() {
    settings defaults;
    config::schema schema;
    declare(schema, defaults);
    return schema.render_file("Atrium's configuration: every key with its default. A key that is left out keeps it.\n"
                              "\n"
                              "What is given here is overridden by the environment (ATRIUM_HTTP__PORT=8080 for http.port), and "
                              "both by the command line "
                              "(--set http.port=8080). Durations are texts of a number and a unit: ms, s, m, h or d. `atrium "
                              "check` says what is wrong "
                              "with this file; docs/configuration.md says more.");
}

std::string key_table() {
    settings defaults;
    config::schema schema;
    declare(schema, defaults);
    return schema.render_table();
}

} // namespace atrium::app
