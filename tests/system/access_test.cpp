// Tests which clients may use which routes and fields. The routes come from the index of the server, and the fields from the
// introspection of its schema, so new ones are tested automatically.
#include "answers.hpp"

#include <support/raw_client.hpp>
#include <support/running_server.hpp>
#include <support/split_servers.hpp>
#include <support/tokens.hpp>
#include <support/web_socket_client.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace atrium::support;
using boost::json::value;

const std::vector<std::string> all_scopes{"admin",       "events:operate", "events:read", "metrics:read",
                                          "orders:read", "orders:write",   "users:read",  "users:write"};

/// A server with a token for each scope.
class guarded_server {
public:
    guarded_server() {
        // These two tokens are created first. So when the server accepts the tokens below, it has also read these two, and
        // refuses them because they are no longer valid, not because it does not know them yet.
        expired = create_token(server.database(), "expired", {"admin"}, "1s");
        revoked = create_token(server.database(), "revoked", {"admin"});
        revoke_token(server.database(), "revoked");
        for (const auto& scope : all_scopes)
            tokens[scope] = create_token(server.database(), "only " + scope, {scope});
        for (const auto& [scope, token] : tokens)
            eventually([&] { return send("POST", "/graphql/", R"({"query":"{ __typename }"})", token).status == 200; });
        for (const auto& token : {expired, revoked})
            eventually([&] { return send("GET", "/users/", {}, token).status == 401; });
    }

    reply send(std::string_view method, std::string_view path, std::string_view body, const std::string& token) {
        headers h{{"Content-Type", "application/json"}};
        if (!token.empty())
            h.emplace_back("Authorization", "Bearer " + token);
        return server.http().send(method, path, body, h);
    }

    /// Tokens that the server must not accept.
    std::vector<std::string> invalid_tokens() { return {"", "unknown", tokens["admin"] + "x", expired, revoked}; }

    running_server server{{"auth.mode=token", R"(http.hosts=["a.example"])"}}; // raw clients name this host
    std::map<std::string, std::string> tokens;
    std::string expired;
    std::string revoked;
    int created_users = 0;
};

bool is_included(const std::string& required, const std::string& scope) {
    return scope == "admin" || required == scope || required == "authenticated" || required == "open";
}

bool is_refused(int status) {
    return status == 401 || status == 403;
}

struct route {
    std::string method;
    std::string path;
    std::string access;
};

/// The routes in the index, except for streams, whose responses do not end.
std::vector<route> routes_of(guarded_server& g) {
    std::vector<route> routes;
    const auto index = g.send("GET", "/", {}, {}).json();
    for (const auto& each : index.at("routes").as_array()) {
        const auto& o = each.as_object();
        std::string path{o.at("path").as_string()};
        if (path != "/events/stream")
            routes.push_back({std::string{o.at("method").as_string()}, path, std::string{o.at("access").as_string()}});
    }
    return routes;
}

std::string fill_placeholders(std::string path) {
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
        path.replace(open, path.find('}') - open + 1, "1");
    return path;
}

} // namespace

TEST_CASE("every route that is not open refuses clients without a valid credential, and clients without its scope") {
    guarded_server g;
    const auto routes = routes_of(g);
    CHECK(routes.size() > 30);
    for (const auto& [method, path, access] : routes) {
        INFO(method << ' ' << path << ": " << access);
        CHECK((access == "open" || access == "authenticated" || g.tokens.contains(access)));
        if (access != "open") // the handlers of some open routes check credentials themselves
            for (const auto& token : g.invalid_tokens())
                CHECK(g.send(method, fill_placeholders(path), "{}", token).status == 401);
        for (const auto& scope : all_scopes) {
            INFO(scope);
            CHECK(is_refused(g.send(method, fill_placeholders(path), "{}", g.tokens[scope]).status) !=
                  is_included(access, scope));
        }
    }
}

TEST_CASE("typical routes require what the documentation states: a scope, any credential, or nothing") {
    guarded_server g;
    std::map<std::string, std::string> scopes;
    for (const auto& [method, path, access] : routes_of(g))
        scopes[method + " " + path] = access;
    CHECK(scopes["GET /users/"] == "users:read");
    CHECK(scopes["POST /users/"] == "users:write");
    CHECK(scopes["GET /orders/{id}"] == "orders:read");
    CHECK(scopes["DELETE /orders/{id}"] == "orders:write");
    CHECK(scopes["GET /events/"] == "events:read");
    CHECK(scopes["POST /events/"] == "events:operate");
    CHECK(scopes["GET /metrics"] == "metrics:read");
    CHECK(scopes["GET /livez"] == "open");
    CHECK(scopes["GET /readyz"] == "open");
    CHECK(scopes["POST /graphql/"] == "authenticated");
}

TEST_CASE("the index and the health checks need no credential") {
    guarded_server g;
    for (const auto* path : {"/", "/livez", "/readyz"})
        CHECK(g.send("GET", path, {}, {}).status == 200);
}

TEST_CASE("the response 401 is the same whatever is wrong with the token, and the response 403 names the missing scope") {
    guarded_server g;
    const auto text_of = [](const reply& r) { return r.body.substr(0, r.body.find("\"instance\"")); };
    const auto missing = g.send("GET", "/users/", {}, {});
    CHECK(missing.header("WWW-Authenticate") == R"(Bearer realm="atrium")");
    for (const auto& token : g.invalid_tokens())
        CHECK(text_of(g.send("GET", "/users/", {}, token)) == text_of(missing));
    CHECK(g.send("POST", "/users/", "{}", g.tokens["users:read"]).json().at("detail") == "the scope users:write is needed");
}

// --- GraphQL --------------------------------------------------------------------------------------------------------------

namespace {

struct root_field {
    std::string kind;  ///< "query", "mutation", "subscription"
    std::string text;  ///< the field with its arguments and selection
    std::string scope; ///< if empty, any credential is enough
};

/// Returns a GraphQL literal that is valid for an argument of this type.
std::string sample_of(const value& type, const value& schema);

const value& find_type(const value& schema, const value& name) {
    for (const auto& each : schema.at("types").as_array())
        if (each.at("name") == name)
            return each;
    throw std::logic_error{"no such type"};
}

std::string arguments_of(const value& inputs, const value& schema, std::string_view open, std::string_view close) {
    std::string text;
    for (const auto& each : inputs.as_array())
        if (each.at("type").at("kind") == "NON_NULL" && each.at("defaultValue").is_null())
            text += (text.empty() ? std::string{open} : ", ") + std::string{each.at("name").as_string()} + ": " +
                    sample_of(each.at("type").at("ofType"), schema);
    return text.empty() ? text : text + std::string{close};
}

std::string sample_of(const value& type, const value& schema) {
    if (type.at("kind") == "LIST")
        return "[]";
    const auto& named = find_type(schema, type.at("name"));
    if (named.at("kind") == "ENUM")
        return std::string{named.at("enumValues").at(0).at("name").as_string()};
    if (named.at("kind") == "INPUT_OBJECT") {
        const auto members = arguments_of(named.at("inputFields"), schema, "{", "}");
        return members.empty() ? "{}" : members;
    }
    const std::map<std::string, std::string> samples{{"ID", "1"},         {"Int", "1"},
                                                     {"Boolean", "true"}, {"String", "\"a\""},
                                                     {"JSON", "{a: 1}"},  {"DateTime", "\"2026-01-01T00:00:00Z\""}};
    return samples.at(std::string{named.at("name").as_string()});
}

const value& unwrap_type(const value& type) {
    return type.at("ofType").is_null() ? type : unwrap_type(type.at("ofType"));
}

root_field field_of(const std::string& kind, const value& field, const value& schema) {
    const std::string_view begin = "Needs the scope `";
    const auto& description = field.at("description");
    const std::string text = description.is_null() ? "" : std::string{description.as_string()};
    const auto position = text.find(begin);
    const auto result_kind = find_type(schema, unwrap_type(field.at("type")).at("name")).at("kind").as_string();
    const bool is_leaf = result_kind == "SCALAR" || result_kind == "ENUM";
    std::string name{field.at("name").as_string()};
    name += arguments_of(field.at("args"), schema, "(", ")") + (is_leaf ? "" : " { __typename }");
    if (position == std::string::npos)
        return {kind, name, {}};
    const auto scope = text.substr(position + begin.size());
    return {kind, name, scope.substr(0, scope.find('`'))};
}

constexpr auto introspection = R"({ __schema { queryType { name } mutationType { name } subscriptionType { name }
  types { kind name enumValues { name } inputFields { name defaultValue type { ...T } }
    fields { name description args { name defaultValue type { ...T } } type { ...T } } } } }
  fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { name } } } } })";

std::vector<root_field> fields_of(guarded_server& g) {
    const auto answer = g.send("POST", "/graphql/", boost::json::serialize(value{{"query", introspection}}), g.tokens["admin"]);
    const auto schema = answer.json().at("data").at("__schema");
    std::vector<root_field> fields;
    for (const std::string kind : {"query", "mutation", "subscription"})
        for (const auto& field : find_type(schema, schema.at(kind + "Type").at("name")).at("fields").as_array())
            fields.push_back(field_of(kind, field, schema));
    return fields;
}

std::string body_of(const root_field& f) {
    return boost::json::serialize(value{{"query", f.kind + " { " + f.text + " }"}});
}

/// Whether the response has an error that refuses a field.
bool has_refusal(std::string_view body) {
    return body.find(R"("code":"FORBIDDEN")") != std::string_view::npos ||
           body.find(R"("code":"UNAUTHENTICATED")") != std::string_view::npos;
}

} // namespace

TEST_CASE("every root field of GraphQL queries and mutations refuses clients without its scope") {
    guarded_server g;
    const auto fields = fields_of(g);
    CHECK(fields.size() > 20);
    for (const auto& field : fields) {
        if (field.kind == "subscription")
            continue;
        INFO(field.kind << ' ' << field.text << ": " << field.scope);
        for (const auto& token : g.invalid_tokens())
            CHECK(g.send("POST", "/graphql/", body_of(field), token).status == 401);
        for (const auto& scope : all_scopes) {
            const auto answer = g.send("POST", "/graphql/", body_of(field), g.tokens[scope]);
            INFO(scope << ": " << answer.body);
            CHECK(answer.status == 200);
            CHECK(has_refusal(answer.body) == !(field.scope.empty() || is_included(field.scope, scope)));
        }
    }
}

namespace {

/// Subscribes over server-sent events, and creates users and orders until the server sends a result or an error. Returns all
/// that the server has sent.
std::string first_result(guarded_server& g, const root_field& field, const std::string& token) {
    raw_client client{g.server.port()};
    const auto body = body_of(field);
    client.send("POST /graphql/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n"
                "Authorization: Bearer " +
                token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto header = client.read_answer();
    CHECK(header.status == 200);
    std::string received = header.body;
    for (int i = 0; received.find("\ndata: {") == std::string::npos; ++i) {
        const auto name = "user" + std::to_string(++g.created_users);
        g.send("POST", "/users/", R"({"username":")" + name + R"(","email":")" + name + R"(@example.com"})", g.tokens["admin"]);
        g.send("POST", "/orders/", R"({"username":")" + name + R"(","product_name":"tea"})", g.tokens["admin"]);
        received += client.read_once();
        REQUIRE(i < 1000);
    }
    return received;
}

} // namespace

TEST_CASE("every root field of GraphQL subscriptions refuses clients without its scope") {
    guarded_server g;
    for (const auto& field : fields_of(g)) {
        if (field.kind != "subscription")
            continue;
        INFO(field.text << ": " << field.scope);
        for (const auto& token : g.invalid_tokens())
            CHECK(g.send("POST", "/graphql/", body_of(field), token).status == 401);
        for (const auto& scope : all_scopes) {
            const auto result = first_result(g, field, g.tokens[scope]);
            INFO(scope << ": " << result);
            CHECK(has_refusal(result) != is_included(field.scope, scope));
        }
    }
}

TEST_CASE("a field that returns an object of another module needs the scope of that module") {
    guarded_server g;
    g.send("POST", "/users/", R"({"username":"ann","email":"ann@example.com"})", g.tokens["users:write"]);
    g.send("POST", "/orders/", R"({"username":"ann","product_name":"tea"})", g.tokens["orders:write"]);
    const auto ask = [&](const std::string& query, const std::string& scope) {
        return g.send("POST", "/graphql/", boost::json::serialize(value{{"query", query}}), g.tokens[scope]).json();
    };
    const auto order = ask("{ order(id: 1) { productName user { username } } }", "orders:read");
    CHECK(order.at("errors").at(0).at("path") == value({"order", "user"}));
    CHECK(order.at("errors").at(0).at("message") == "the scope users:read is needed");
    const auto user = ask("{ user(id: 1) { username orders { edges { node { id } } } } }", "users:read");
    CHECK(user.at("errors").at(0).at("path") == value({"user", "orders"}));
    CHECK(user.at("errors").at(0).at("message") == "the scope orders:read is needed");
    const auto node = ask(R"({ a: node(id: "User:1") { nodeId } b: node(id: "Order:1") { nodeId } })", "users:read");
    CHECK(node.at("data").at("a").at("nodeId") == "User:1");
    CHECK(node.at("data").at("b").is_null());
    const auto created =
        ask(R"(mutation { createOrder(input: {username: "ann", productName: "milk"}) { id productName } })", "orders:write");
    CHECK(created.at("data").at("createOrder").at("productName") == "milk");
}

TEST_CASE("a WebSocket needs a valid credential in its handshake or in connection_init") {
    guarded_server g;
    const auto protocol = std::string{"Sec-WebSocket-Protocol: graphql-transport-ws\r\n"};
    const auto query = R"({"id":"1","type":"subscribe","payload":{"query":"{ allUsers { id } }"}})";
    const auto init = [](const std::string& credential) {
        return R"({"type":"connection_init","payload":{"Authorization":")" + credential + R"("}})";
    };
    for (const auto& token : g.invalid_tokens()) {
        web_socket_client client{g.server.port()};
        CHECK(client.open("/graphql/", protocol).status == 101);
        client.send_text(init("Bearer " + token));
        CHECK(client.read_close() == 4403);
    }
    {
        web_socket_client client{g.server.port()};
        CHECK(client.open("/graphql/", protocol + "Authorization: Bearer " + g.tokens["users:read"] + "\r\n").status == 101);
        client.send_text(R"({"type":"connection_init"})");
        CHECK(client.read_text() == R"({"type":"connection_ack"})");
        client.send_text(query);
        CHECK_THAT(client.read_text(), Catch::Matchers::ContainsSubstring(R"("data":{"allUsers":[)"));
    }
    {
        web_socket_client client{g.server.port()};
        CHECK(client.open("/graphql/", protocol).status == 101);
        client.send_text(init("Bearer " + g.tokens["orders:read"]));
        CHECK(client.read_text() == R"({"type":"connection_ack"})");
        client.send_text(query);
        CHECK_THAT(client.read_text(), Catch::Matchers::ContainsSubstring("FORBIDDEN"));
    }
}

TEST_CASE("open streams and WebSockets end soon after their token is revoked") {
    guarded_server g;
    const auto token = create_token(g.server.database(), "leaver", {"events:read", "users:read"});
    eventually([&] { return g.send("GET", "/users/", {}, token).status == 200; });
    raw_client stream{g.server.port()};
    stream.send("GET /events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    CHECK(stream.read_answer().status == 200);
    web_socket_client socket{g.server.port()};
    CHECK(socket.open("/graphql/", "Sec-WebSocket-Protocol: graphql-transport-ws\r\n").status == 101);
    socket.send_text(R"({"type":"connection_init","payload":{"authorization":"Bearer )" + token + R"("}})");
    CHECK(socket.read_text() == R"({"type":"connection_ack"})");
    revoke_token(g.server.database(), "leaver");
    CHECK(socket.read_close() == 4403);
    (void)stream.read_to_end();
    CHECK(g.send("GET", "/users/", {}, token).status == 401);
}

TEST_CASE("an orders process presents its token to the users process") {
    split_servers split{{"auth.mode=token"}};
    const auto token = create_token(split.users_process().database(), "orders", {"users:read"});
    const auto writer = create_token(split.users_process().database(), "writer", {"users:write"});
    const auto customer = create_token(split.orders_process().database(), "customer", {"orders:write"});
    const auto authorized = [](const std::string& credential) { return headers{{"Authorization", "Bearer " + credential}}; };
    const value ann{{"username", "ann"}, {"email", "ann@example.com"}};
    eventually([&] { return split.http().post("/users/", ann, authorized(writer)).status == 201; });
    const value order{{"username", "ann"}, {"product_name", "tea"}};
    eventually([&] { return split.http().post("/orders/", order, authorized(customer)).status == 503; });
    split.orders_process().expect_log("set a token with the scope users:read in the setting users_token");

    split.restart_orders({"auth.mode=token", "modules.orders.users_token=" + token});
    eventually([&] { return split.http().post("/orders/", order, authorized(customer)).status == 201; });
}

TEST_CASE("if users and orders run in two processes, each process accepts only the tokens in its own database") {
    split_servers split{{"auth.mode=token"}};
    const auto users_token = create_token(split.users_process().database(), "reader", {"users:read"});
    const auto orders_token = create_token(split.orders_process().database(), "reader", {"orders:read"});
    const auto status = [&](const std::string& path, const std::string& token) {
        return split.http().get(path, {{"Authorization", "Bearer " + token}}).status;
    };
    eventually([&] { return status("/users/", users_token) == 200 && status("/orders/", orders_token) == 200; });
    CHECK(split.http().get("/users/").status == 401);
    CHECK(split.http().get("/orders/").status == 401);
    CHECK(status("/users/", orders_token) == 401);
    CHECK(status("/orders/", users_token) == 401);
}
