#include "client_computation.hpp"
#include "descriptions.hpp"
#include "json_response.hpp"
#include "keyed_execution.hpp"
#include "parameters.hpp"
#include "response_memory.hpp"
#include "server_sent.hpp"
#include "transport_session.hpp"

#include <access/requirement.hpp>
#include <base/cooperative_yield.hpp>
#include <graphql/sdl.hpp>
#include <graphql_http/endpoint.hpp>
#include <http/client_account.hpp>
#include <http/media_type.hpp>
#include <http/resource.hpp>
#include <http/web_socket.hpp>
#include <idempotency/keyed_routes.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace atrium::graphql_http {
namespace {

constexpr std::string_view event_type = "text/event-stream";
constexpr std::string_view page_type = "text/html";

using operation_type = graphql::ast::operation_type;

/// The response to a request that breaks a rule of the GraphQL-over-HTTP specification, even if its GraphQL document is valid.
http::response refuse_request(std::string_view type, http::status status, std::string detail) {
    return json_response(type, status, error_body({.code = errc::malformed, .detail = std::move(detail)}));
}

/// The response to a GraphQL request that cannot run. With the older media type, application/json, clients expect 200 for all
/// GraphQL errors.
http::response refuse_request(const http::request& q, std::string_view type, graphql::refusal why) {
    if (type == event_type)
        return event_refusal(q, http::status::bad_request, std::move(why.body));
    return json_response(type, type == response_type ? http::status::bad_request : http::status::ok, std::move(why.body));
}

/// The response to a client that has used up its budget. An EventSource, which sends GET, would not reconnect after 429, so it
/// gets an event instead.
http::response refuse_request(const http::request& q, std::string_view type, const error& why) {
    if (type == event_type && q.method != http::verb::post)
        return temporary_event_refusal(error_body(why, graphql::rate_limited));
    return temporary_refusal(type, http::status::too_many_requests, why, graphql::rate_limited);
}

/// The response if there is not enough memory for the result. An EventSource would not reconnect after 503, so it gets an event
/// instead.
http::response refuse_for_memory(const http::request& q, std::string_view type) {
    if (type == event_type && q.method != http::verb::post)
        return temporary_event_refusal(out_of_memory_body());
    return out_of_memory(type);
}

/// The address in the form of `access::credentials`.
std::optional<std::uint64_t> address_of(const http::request& q) {
    return q.client ? std::optional{static_cast<std::uint64_t>(q.client->address)} : std::nullopt;
}

http::response not_acceptable(bool with_page) {
    return http::problem(http::status::not_acceptable, std::string{"responses are application/graphql-response+json, "
                                                                   "application/json or text/event-stream"} +
                                                           (with_page ? "; a GET can also get text/html" : ""));
}

} // namespace

endpoint::endpoint(const graphql::engine& engine, settings s, page browser_page, metrics::registry& metrics, logger log,
                   idempotency::key_store* keys, access::authenticator* authenticator)
    : engine_{engine}, settings_{s}, schema_text_{s.introspection ? graphql::print_schema(engine.schema()) + "\n" : ""},
      page_{s.graphiql ? std::move(browser_page) : nullptr}, log_{std::move(log)},
      documents_{std::make_unique<cached_documents>(engine)}, limits_{std::make_unique<client_limits>(s.budget, metrics)},
      keys_{keys}, authenticator_{authenticator} {}
endpoint::~endpoint() = default;

void endpoint::add_routes(http::router& router, std::string_view path) {
    router
        .get(std::string{path}, page_ ? "Run a GraphQL query; browsers get GraphiQL" : "Run a GraphQL query",
             [this](const http::request& q) { return get(q); })
        .open() // for GraphiQL, and for WebSockets whose clients present their credential in a message
        .describe(describe_get(page_ != nullptr));
    router.post(std::string{path}, "Run a GraphQL operation", [this](const http::request& q) { return post(q); })
        .any_principal()
        .describe(describe_post());
    if (!schema_text_.empty())
        router.get("/schema.graphql", "The GraphQL schema", [this](const http::request& q) { return show_schema(q); })
            .any_principal()
            .describe(describe_schema());
}

awaitable<http::response> endpoint::show_schema(const http::request& q) const {
    if (const auto plain = http::check_no_query(q); !plain)
        co_return http::problem(plain.error());
    http::response answer{.content_type = http::text_type};
    answer.shared_body = {.text = schema_text_};
    answer.set("Cache-Control", "no-cache"); // a newer version of the server may have another schema
    co_return answer;
}

awaitable<http::response> endpoint::get(const http::request& q) const {
    if (http::wants_web_socket(q))
        co_return open_web_socket(q);
    auto answer = co_await get_as_accepted(q);
    answer.set("Vary", "Accept"); // so that caches do not mix up the page and the results
    co_return answer;
}

awaitable<http::response> endpoint::get_as_accepted(const http::request& q) const {
    static constexpr std::array offered{http::json_type, response_type, event_type, page_type};
    const auto type = http::negotiate(q, std::span{offered}.first(page_ ? offered.size() : offered.size() - 1));
    if (!type)
        co_return not_acceptable(page_ != nullptr);
    if (*type == page_type)
        co_return page_(q);
    if (authenticator_ && !q.principal)
        co_return http::problem(access::check(nullptr, access::requirement::any_principal()).error());

    const auto client = limits_->budget.payer_of(q.client, client_budget::use::requests);
    client_computation work{*limits_, client};
    if (const auto why = limits_->refuse(client)) [[unlikely]]
        co_return refuse_request(q, *type, *why);
    auto received = read_query_string(q);
    if (!received)
        co_return json_response(*type, http::status::bad_request, error_body(received.error()));
    co_return co_await answer(q, *std::move(received), *type, work);
}

awaitable<http::response> endpoint::post(const http::request& q) const {
    static constexpr std::array offered{http::json_type, response_type, event_type};
    const auto type = http::negotiate(q, offered);
    if (!type)
        co_return not_acceptable(page_ != nullptr);
    const auto content = http::parse_media_type(q.headers.get("Content-Type"));
    if (content.essence != http::json_type || !content.is_utf8())
        co_return refuse_request(*type, http::status::unsupported_media_type, "the body must be application/json in UTF-8");

    const auto client = limits_->budget.payer_of(q.client, client_budget::use::requests);
    client_computation work{*limits_, client};
    if (const auto why = limits_->refuse(client)) [[unlikely]]
        co_return refuse_request(q, *type, *why);
    const auto request_memory = take_for_request(q.memory, q.body.size());
    if (!request_memory)
        co_return out_of_memory(*type);
    auto read = co_await read_json_body(q.body, settings_.batch > 0);
    if (!read)
        co_return json_response(*type, http::status::bad_request, error_body(read.error()));
    if (const auto with_key = add_header_key(q, *read); !with_key)
        co_return json_response(*type, http::status::bad_request, error_body(with_key.error()));
    if (read->is_batch)
        co_return co_await answer_batch(q, std::move(read->requests), *type, work);
    co_return co_await answer(q, std::move(read->requests.front()), *type, work);
}

awaitable<http::response> endpoint::answer(const http::request& q, received_request received, std::string_view type,
                                           client_computation& work) const {
    if (type == event_type && repeats_finished_operation(q))
        co_return http::no_content(); // an EventSource does not reconnect after 204
    co_await engine_.read_document(received);
    auto prepared = prepare(engine_, received);
    documents_->count(q.memory);
    if (!prepared)
        co_return refuse_request(q, type, std::move(prepared).error());
    if (prepared->type() == operation_type::mutation && q.method != http::verb::post)
        co_return refuse_request(type, http::status::method_not_allowed, "a mutation must be sent by POST")
            .set("Allow", "POST");
    if (prepared->type() == operation_type::subscription) {
        if (type == event_type)
            co_return co_await stream_subscription(engine_, *std::move(prepared), context_of(q, nullptr), q, *limits_);
        co_return refuse_request(type, http::status::bad_request,
                                 "a subscription needs a WebSocket (graphql-transport-ws) or Accept: text/event-stream");
    }

    auto memory = co_await http::take_for_response(q, engine_.response_estimate(*prepared));
    if (!memory)
        co_return refuse_for_memory(q, type);
    if (auto key = find_key(q, *prepared, received)) [[unlikely]] {
        auto reply = co_await answer_with_key(q, *std::move(prepared), *std::move(key), type, work);
        keep_until_sent(reply, *std::move(memory));
        co_return reply;
    }
    auto result = co_await engine_.execute(*std::move(prepared), context_of(q, &work));
    auto reply =
        type == event_type ? event_response(result.body) : json_response(type, http::status::ok, std::move(result.body));
    keep_until_sent(reply, *std::move(memory));
    co_return reply;
}

awaitable<http::response> endpoint::answer_with_key(const http::request& q, graphql::operation o, idempotency::request_key key,
                                                    std::string_view type, client_computation& work) const {
    const execution execute = [&](graphql::context c) { return engine_.execute(o, std::move(c)); };
    auto done = co_await execute_with_key(*keys_, std::move(key), context_of(q, &work), execute);
    if (!done && type == event_type)
        co_return event_refusal(q, idempotency::key_refusal(done.error()).status, key_refusal_body(done.error()));
    if (!done)
        co_return key_refusal_response(type, done.error());
    auto reply = type == event_type ? event_response(done->body) : json_response(type, http::status::ok, std::move(done->body));
    if (done->is_replayed)
        reply.set(idempotency::replayed_header, "true");
    co_return reply;
}

awaitable<http::response> endpoint::answer_batch(const http::request& q, std::vector<received_request> batch,
                                                 std::string_view type, client_computation& work) const {
    if (type == event_type)
        co_return refuse_request(type, http::status::bad_request, "a batch cannot be answered with events, only with JSON");
    if (batch.size() > settings_.batch)
        co_return json_response(type, http::status::bad_request,
                                error_body(malformed("the batch has " + std::to_string(batch.size()) + " requests; at most " +
                                                     std::to_string(settings_.batch) + " are allowed"),
                                           "LIMIT_EXCEEDED"));
    graphql::usage batch_usage;
    cooperative_yield own_turn;
    std::string body;
    http::response_lease body_memory{empty_lease(q.memory)};
    for (auto& each : batch) {
        body += body.empty() ? '[' : ',';
        body += co_await answer_in_batch(q, each, batch_usage, work);
        body_memory.resize(body.size());
        co_await own_turn.yield_if_due();
    }
    auto reply = json_response(type, http::status::ok, std::move(body += ']'));
    keep_until_sent(reply, std::move(body_memory));
    co_return reply;
}

awaitable<std::string> endpoint::answer_in_batch(const http::request& q, received_request& received,
                                                 graphql::usage& batch_usage, client_computation& work) const {
    if (auto refusal = work.refuse_in_batch()) [[unlikely]]
        co_return *std::move(refusal);
    co_await engine_.read_document(received, batch_usage);
    auto prepared = prepare(engine_, received, batch_usage);
    documents_->count(q.memory);
    if (!prepared)
        co_return std::move(prepared).error().body;
    if (prepared->type() == operation_type::subscription)
        co_return error_body(malformed("a subscription cannot be part of a batch"));
    const auto memory = co_await http::take_for_response(q, engine_.response_estimate(*prepared));
    if (!memory)
        co_return out_of_memory_body();
    if (auto key = find_key(q, *prepared, received)) [[unlikely]] {
        const execution execute = [&](graphql::context c) { return engine_.execute(*prepared, std::move(c), batch_usage); };
        auto result = co_await execute_with_key(*keys_, *std::move(key), context_of(q, &work), execute);
        if (!result)
            co_return key_refusal_body(result.error());
        if (result->is_replayed)
            batch_usage.response_bytes += result->body.size(); // the engine has not counted a stored response
        co_return std::move(result->body);
    }
    auto result = co_await engine_.execute(*std::move(prepared), context_of(q, &work), batch_usage);
    co_return std::move(result.body);
}

http::response endpoint::open_web_socket(const http::request& q) const {
    const auto client = limits_->budget.payer_of(q.client, client_budget::use::operations);
    http::web_socket_options options{.subprotocols = {std::string{transport_protocol}},
                                     .not_valid = {transport_close::forbidden, "Forbidden"},
                                     .patience = settings_.slow_reader};
    return http::web_socket_upgrade(
        std::move(options),
        [this, c = context_of(q, nullptr), memory = q.memory, client,
         address = address_of(q)](http::web_socket& socket) -> awaitable<> {
            const auto socket_executor = co_await asio::this_coro::executor;
            transport_session session{
                engine_, settings_, c, socket, memory, {*limits_, client, keys_, authenticator_, address}, socket_executor};
            co_await session.run();
        });
}

std::optional<idempotency::request_key> endpoint::find_key(const http::request& q, const graphql::operation& o,
                                                           const received_request& r) const {
    return keys_ ? key_of(o, r, q.principal.get()) : std::nullopt;
}

graphql::context endpoint::context_of(const http::request& q, computation* work) const {
    graphql::context c{q.request_id, q.traceparent, log_.with({{"request_id", q.request_id}})};
    c.work = work;
    c.principal = q.principal;
    return c;
}

} // namespace atrium::graphql_http
