#pragma once

#include <access/principal.hpp>
#include <base/computation.hpp>
#include <base/log.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::idempotency {
class claim;
}

namespace atrium::graphql {

class schema;

/// The error code for a client that has used up its budget of computing time.
inline constexpr std::string_view rate_limited = "RATE_LIMITED";

/// The data of a request that its resolvers may need. Lives as long as the request, and is used only on the request's thread.
struct context {
    // Deliberately not an aggregate: if a coroutine awaits a call to which it passes a temporary aggregate, g++ 12 copies the
    // aggregate bit by bit into the frame of the coroutine, which makes the strings of the copy invalid.
    explicit context(std::string id = {}, std::string trace = {}, logger l = {})
        : request_id{std::move(id)}, traceparent{std::move(trace)}, log{std::move(l)} {}

    std::string request_id;  ///< sent to the client with an internal error
    std::string traceparent; ///< sent with every request that a resolver makes to another process
    logger log;

    /// The client that sends the request; null if the client has presented no valid credential. See
    /// `schema_builder::enforce_access`.
    std::shared_ptr<const access::principal> principal = {};

    /// No further level is resolved after this time. Resolvers should stop waiting at this time.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

    /// Measures the computing time of the request. Once the request has used too much of it, no further level is resolved. If
    /// null, the time is not measured.
    computation* work = nullptr;

    /// The last `event_source::resume_token` that a returning subscriber has received; empty if the client sent none. This is
    /// unchecked input of the client.
    std::string resume_token{};

    /// For a mutation that the client may repeat (<idempotency/claim.hpp>): stores the outcome of each root field, in the same
    /// transaction as the effect of the field. Null if the request has no idempotency key.
    idempotency::claim* claim = nullptr;

    const graphql::schema* schema = nullptr; ///< set by the engine
};

} // namespace atrium::graphql
