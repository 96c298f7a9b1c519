#include "keyed_execution.hpp"

#include "json_response.hpp"

#include <base/malformed.hpp>
#include <idempotency/keyed_routes.hpp>

#include <boost/json/serialize.hpp>

#include <utility>

namespace atrium::graphql_http {
namespace {

/// The fingerprint of a request, which is the same for every transport.
std::string fingerprint_of(const received_request& r) {
    return idempotency::fingerprint_of(
        {"GraphQL", r.query, r.operation_name.value_or(std::string{}), boost::json::serialize(r.variables)});
}

} // namespace

result<> add_header_key(const http::request& q, received_body& body) {
    auto key = idempotency::read_key(q);
    if (!key)
        return key.error();
    if (!*key) [[likely]]
        return {};
    if (body.is_batch)
        return malformed("a batch must not have the header Idempotency-Key; each of its requests can have a key in "
                         "\"extensions.idempotencyKey\"");
    auto& key_in_body = body.requests.front().idempotency_key;
    if (key_in_body && key_in_body != *key)
        return malformed("the header Idempotency-Key and \"extensions.idempotencyKey\" must not have different keys");
    key_in_body = *std::move(key);
    return {};
}

std::optional<idempotency::request_key> key_of(const graphql::operation& o, const received_request& r,
                                               const access::principal* sender) {
    if (!r.idempotency_key || o.type() != graphql::ast::operation_type::mutation || !o.calls_resolvers()) [[likely]]
        return std::nullopt;
    return idempotency::request_key{
        .principal = std::string{access::name_of(sender)}, .key = *r.idempotency_key, .fingerprint = fingerprint_of(r)};
}

awaitable<result<keyed_response>> execute_with_key(idempotency::key_store& keys, idempotency::request_key key,
                                                   graphql::context c, execution execute) {
    const auto claimed = co_await keys.claim_key(std::move(key));
    if (!claimed)
        co_return claimed.error();
    auto& claim = **claimed;
    if (const auto* stored = claim.find_response())
        co_return keyed_response{stored->body, true};

    c.claim = &claim;
    auto done = co_await execute(std::move(c));
    if (!done.has_errors) {
        idempotency::stored_response stored{.body = done.body};
        co_await claim.store_alone(std::move(stored));
    }
    co_return keyed_response{std::move(done.body), false};
}

std::string key_refusal_body(const error& why) {
    switch (why.code) {
    case errc::conflict: return error_body(why, "CONFLICT");
    case errc::invalid: return error_body(why, "INVALID");
    case errc::unavailable: return error_body(why, "UNAVAILABLE");
    default: return error_body(why);
    }
}

http::response key_refusal_response(std::string_view type, const error& why) {
    const auto rest_response = idempotency::key_refusal(why);
    auto answer = json_response(type, rest_response.status, key_refusal_body(why));
    answer.headers = rest_response.headers;
    return answer;
}

} // namespace atrium::graphql_http
