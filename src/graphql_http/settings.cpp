#include <config/schema.hpp>
#include <graphql_http/settings.hpp>

namespace atrium::graphql_http {

using namespace std::chrono_literals;

void declare(config::schema& schema, settings& settings) {
    // All members, so that none is left undeclared.
    auto& [batch, introspection, graphiql, operations, init, slow_reader] = settings;
    schema.integer("graphql.batch", batch, 0, 1'000,
                   "Maximum number of requests in one POST, as a JSON array. The limits above hold for all of them together. 0 "
                   "refuses arrays.");
    schema.boolean("graphql.introspection", introspection,
                   "Whether clients may ask for the schema (__schema, __type). If not, errors do not suggest names either.");
    schema.boolean("graphql.graphiql", graphiql, "Whether browsers get GraphiQL at /graphql/.");

    schema.section("graphql.web_socket", "GraphQL on a WebSocket (graphql-transport-ws).");
    schema.integer("graphql.web_socket.operations", operations, 1, 1'000'000,
                   "Maximum number of operations at once on one connection; further ones are refused.");
    schema.duration("graphql.web_socket.init", init, 10ms, 1h,
                    "How long a client may take to send connection_init before the WebSocket is closed with 4408.");
    schema.duration("graphql.web_socket.slow_reader", slow_reader, 10ms, 1h,
                    "How long a client may leave messages unread before the WebSocket is closed with 1013.");
}

} // namespace atrium::graphql_http
