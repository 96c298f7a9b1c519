#pragma once

#include <base/computation.hpp>
#include <base/log.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::graphql {

class schema;

/// The code of errors about a client that has used up what it may compute.
inline constexpr std::string_view rate_limited = "RATE_LIMITED";

/// What a resolver knows of the request that it works for. Lives as long as the request, on the request's thread.
struct context {
    // No aggregate: g++ 12 moves temporaries of these bit by bit into the frame of a coroutine that awaits what they are for.
    explicit context(std::string id = {}, std::string trace = {}, logger l = {})
        : request_id{std::move(id)}, traceparent{std::move(trace)}, log{std::move(l)} {}

    std::string request_id;  ///< told to the client with an internal error
    std::string traceparent; ///< goes along with every question that leaves the process
    logger log;

    /// After this, no further level is resolved. What a resolver waits for should not last beyond.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

    /// Measures what the request computes, and ends it when that is too much: no further level is resolved. Null: not measured.
    computation* work = nullptr;

    /// The `event_source::resume_token` that a returning subscriber received last; empty if it brought none. It is the client's
    /// input, not checked yet.
    std::string resume_token{};

    const graphql::schema* schema = nullptr; ///< set by the engine
};

} // namespace atrium::graphql
