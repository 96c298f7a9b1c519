#pragma once

#include <access/authenticator.hpp>
#include <base/log.hpp>
#include <graphql/engine.hpp>
#include <graphql_http/settings.hpp>
#include <http/router.hpp>
#include <idempotency/key_store.hpp>
#include <metrics/registry.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql_http {

class cached_documents;
class client_computation;
struct client_limits;
struct received_request;

/// The HTTP resource for GraphQL requests.
///
/// It accepts GET with a query and POST with JSON, as the GraphQL-over-HTTP specification defines; a GET that prefers text/html
/// gets `page`. The body of a POST may be an array of requests, a batch. They run one after the other, and the limits of one
/// request apply to the whole batch.
///
/// A mutation with an idempotency key has its effects once, however often the client repeats it.
///
/// A client that accepts `text/event-stream` gets the results as events (the distinct connections mode of graphql-sse). A
/// client that asks for a WebSocket speaks `graphql-transport-ws`.
class endpoint {
public:
    /// The page that browsers get.
    using page = std::function<http::response(const http::request&)>;

    /// All references must outlive the endpoint, and the endpoint must outlive the server. Without a page, or if the settings
    /// disable GraphiQL, browsers get the same responses as other clients. Without `keys`, idempotency keys have no effect.
    /// Without an `authenticator`, clients are not authenticated.
    endpoint(const graphql::engine& engine, settings s, page browser_page, metrics::registry& metrics, logger log,
             idempotency::key_store* keys = nullptr, access::authenticator* authenticator = nullptr);
    ~endpoint();
    endpoint(const endpoint&) = delete;
    endpoint& operator=(const endpoint&) = delete;

    /// Adds the resource at `path`, and /schema.graphql unless the settings hide the schema.
    void add_routes(http::router& router, std::string_view path);

private:
    [[nodiscard]] awaitable<http::response> show_schema(const http::request& q) const;
    [[nodiscard]] awaitable<http::response> get(const http::request& q) const;
    [[nodiscard]] awaitable<http::response> get_as_accepted(const http::request& q) const;
    [[nodiscard]] awaitable<http::response> post(const http::request& q) const;
    [[nodiscard]] awaitable<http::response> answer(const http::request& q, received_request received, std::string_view type,
                                                   client_computation& work) const;
    [[nodiscard]] awaitable<http::response> answer_with_key(const http::request& q, graphql::operation o,
                                                            idempotency::request_key key, std::string_view type,
                                                            client_computation& work) const;
    [[nodiscard]] awaitable<http::response> answer_batch(const http::request& q, std::vector<received_request> batch,
                                                         std::string_view type, client_computation& work) const;
    [[nodiscard]] awaitable<std::string> answer_in_batch(const http::request& q, received_request& received,
                                                         graphql::usage& batch_usage, client_computation& work) const;
    [[nodiscard]] std::optional<idempotency::request_key> find_key(const http::request& q, const graphql::operation& o,
                                                                   const received_request& r) const;
    [[nodiscard]] http::response open_web_socket(const http::request& q) const;
    [[nodiscard]] graphql::context context_of(const http::request& q, computation* work) const;

    const graphql::engine& engine_;
    settings settings_;
    std::string schema_text_; ///< empty if the schema is hidden
    page page_;
    logger log_;
    std::unique_ptr<const cached_documents> documents_;
    std::unique_ptr<client_limits> limits_;
    idempotency::key_store* keys_;
    access::authenticator* authenticator_;
};

} // namespace atrium::graphql_http
