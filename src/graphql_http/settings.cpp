#include <config/schema.hpp>
#include <graphql_http/settings.hpp>
#include <http/address_group.hpp>

#include <string>
#include <string_view>

namespace atrium::graphql_http {

using namespace std::chrono_literals;

namespace {

config::text_rule network() {
    return {R"(an IPv4 or IPv6 network such as "10.0.0.0/8")",
            [](std::string_view text) { return http::address_network::parse(std::string{text}).has_value(); }};
}

void declare_budget(config::schema& schema, budget_settings& budget) {
    auto& [connection, connection_burst, address, address_burst, shared_networks] = budget;
    schema.section("graphql.budget",
                   "How long GraphQL may compute for one client. Operations beyond that do not run: they get 429 with "
                   "Retry-After, or the error RATE_LIMITED. docs/http.md explains it.");
    schema.duration("graphql.budget.connection", connection, 0ms, 1h,
                    "How long the operations of one connection may compute per second on average. \"0ms\" means no limit.");
    schema.duration("graphql.budget.connection_burst", connection_burst, 1ms, 1h,
                    "How long the operations of one connection may compute in one burst after an idle period.");
    schema.duration("graphql.budget.address", address, 0ms, 1h,
                    "How long the operations from one address may compute per second on average. An IPv6 network of 64 bits "
                    "counts as one address. \"0ms\" means no limit.");
    schema.duration("graphql.budget.address_burst", address_burst, 1ms, 1h,
                    "How long the operations from one address may compute in one burst after an idle period.");
    schema.list(
        "graphql.budget.shared_networks", shared_networks, network(),
        "Networks whose addresses are shared by many clients, such as the addresses of a gateway. For these addresses, "
        "graphql.budget.address does not apply, and graphql.budget.connection applies only to WebSockets and event streams. "
        "The default is all addresses that are not public.");
}

} // namespace

void declare(config::schema& schema, settings& settings) {
    // Lists all members, so that a new member does not compile until it is declared as well.
    auto& [batch, introspection, graphiql, budget, operations, init, slow_reader] = settings;
    schema.integer("graphql.batch", batch, 0, 1'000,
                   "Maximum number of requests that one POST may contain as a JSON array. The limits for one request apply to "
                   "all of them together. 0 refuses arrays.");
    schema.boolean(
        "graphql.introspection", introspection,
        "Whether clients may ask for the schema (__schema, __type). If not, errors do not suggest names of the schema either.");
    schema.boolean("graphql.graphiql", graphiql, "Whether browsers get GraphiQL at /graphql/.");

    declare_budget(schema, budget);

    schema.section("graphql.web_socket", "GraphQL on a WebSocket (graphql-transport-ws).");
    schema.integer("graphql.web_socket.operations", operations, 1, 1'000'000,
                   "Maximum number of operations that run at the same time on one connection; further ones are refused.");
    schema.duration("graphql.web_socket.init", init, 10ms, 1h,
                    "How long a client may take to send connection_init before the WebSocket is closed with 4408.");
    schema.duration("graphql.web_socket.slow_reader", slow_reader, 10ms, 1h,
                    "How long a client may leave messages unread before the WebSocket is closed with 1013.");
}

} // namespace atrium::graphql_http
