#pragma once

#include <base/awaitable.hpp>
#include <graphql/context.hpp>
#include <graphql/document.hpp>
#include <graphql/executable_schema.hpp>
#include <graphql/limits.hpp>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace atrium::graphql {

class prepared_document;

namespace detail {
struct operation_contents;
struct engine_contents;
} // namespace detail

/// A client's request, independent of its transport. Texts are well-formed UTF-8.
struct request {
    std::string query;
    std::optional<std::string> operation_name{};
    boost::json::object variables{};

    std::shared_ptr<const prepared_document> document{}; ///< see engine::read_document
};

/// How much of the limits the requests of one batch have used. The limits apply to all requests of the batch together. Starts
/// at zero.
struct usage {
    std::size_t tokens = 0;
    std::size_t root_fields = 0;
    std::size_t aliases = 0;
    std::size_t fields = 0;
    std::size_t cost = 0;
    std::size_t values = 0;
    std::size_t response_bytes = 0;
    std::optional<std::chrono::steady_clock::time_point> deadline{}; ///< set when the first request begins to run
};

/// The step at which a request was refused. No part of the request has run.
enum class refusal_reason {
    syntax,     ///< the document cannot be parsed
    validation, ///< the document breaks a rule of validation
    limit,      ///< the request exceeds the `limits`
    operation,  ///< the operation to run does not exist, or the document has several and the request names none
    variables,  ///< the values do not match the operation's variables
};

/// A request error in the sense of the specification: the response has no `data`.
struct refusal {
    refusal_reason reason;
    std::string body; ///< the response's JSON text: {"errors":[...]}
};

/// `result::value()` calls this if there is no operation. Throws std::logic_error.
[[noreturn]] void throw_exception_from_error(const refusal& r, const boost::source_location& where);

struct response {
    std::string body; ///< the response's JSON text: {"errors":[...],"data":...}, without `errors` if there are none
    bool has_errors = false;
    bool has_data = true; ///< false if `data` is null or absent
};

/// Whether a subscription that could not begin may begin later.
enum class refusal_cause {
    request,   ///< the request cannot succeed: the same request fails again
    temporary, ///< the request cannot succeed now; the same request may succeed later
    internal,  ///< an internal error, which is logged
};

/// The response to a subscription whose event source could not be opened.
struct unopened_subscription {
    std::string body; ///< the response's JSON text, without `data`: {"errors":[...]}
    refusal_cause cause;
};

/// A request that can run: its document is valid, its operation is chosen, its variables are coerced, and it is within the
/// limits. Cheap to move. Keeps alive the cache entries that it needs. May be run more than once.
class operation {
public:
    /// A transport uses the type, for example, to refuse a mutation that was sent by GET.
    [[nodiscard]] ast::operation_type type() const noexcept;

    /// Whether the operation calls the resolver of a root field. An operation that selects only `__typename` does not, and so
    /// has no effect.
    [[nodiscard]] bool calls_resolvers() const noexcept;

private:
    friend class engine;
    explicit operation(std::shared_ptr<const detail::operation_contents> c) : contents_{std::move(c)} {}
    std::shared_ptr<const detail::operation_contents> contents_;
};

/// The responses of a subscription, one for each event. Used by one coroutine at a time; destroying it ends the subscription.
class response_stream {
public:
    virtual ~response_stream() = default;

    /// Returns the next response; empty after the last one. If the source fails, the last response reports the failure. Throws
    /// operation_aborted when the waiting coroutine is cancelled.
    virtual awaitable<std::optional<response>> next() = 0;

    /// The token with which a returning subscriber continues: see `event_source::resume_token`. Empty once the source has
    /// failed or ended, and while `next` executes an event whose response has not been returned yet.
    [[nodiscard]] virtual std::string resume_token() const = 0;

    /// Whether the source ended because it failed. If it did, a subscriber that returns may receive the events that it has
    /// missed.
    [[nodiscard]] virtual bool has_failed() const = 0;
};

/// A function that is awaited before the response to a subscription's event is produced, so that the work begins only when
/// there is memory for the response. If it throws, the subscription fails, except that operation_aborted is passed on to the
/// caller of `response_stream::next`.
using response_admission = std::function<awaitable<>()>;

/// The stream of a subscription, or the response that reports why there is none.
using opened_subscription = boost::system::result<std::unique_ptr<response_stream>, unopened_subscription>;

/// `result::value()` calls this if there is no subscription. Throws std::logic_error.
[[noreturn]] void throw_exception_from_error(const unopened_subscription& r, const boost::source_location& where);

/// Executes requests on one schema. Shared by all threads. Must outlive everything that it returns.
///
/// Errors in responses have an `extensions.code`:
///   GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE: refused, see refusal_reason
///   LIMIT_EXCEEDED         the request exceeds a limit (refused), or the response became too long
///   BAD_USER_INPUT         the variables are invalid (refused), or arguments are invalid because of variables
///   MALFORMED, INVALID, NOT_FOUND, CONFLICT, PRECONDITION_FAILED, UNAVAILABLE...: an `errc` that a resolver returned, with all
///                          errors in the input in `extensions.errors`, and `extensions.retryAfter` in seconds if known
///   TIMEOUT                the request had used up its time or its computing time before this field was resolved
///   RATE_LIMITED           the client had used up its computing time before this field was resolved (`context::work`)
///   INTERNAL_SERVER_ERROR  a resolver threw (`extensions.requestId` identifies it in the log), or returned an invalid value
///   ERRORS_LEFT_OUT        the last of very many errors; its message states how many errors were left out
class engine {
public:
    explicit engine(executable_schema schema, limits request_limits = {});
    ~engine();
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    [[nodiscard]] const graphql::schema& schema() const noexcept;

    /// Parses and validates the document, chooses the operation, coerces the variables, and plans the operation. Takes the
    /// document and the plan from the cache if they are there. Does not wait. Can be called from any thread.
    [[nodiscard]] boost::system::result<operation, refusal> prepare(const request& r) const;

    /// Parses and validates the document in advance and stores the result in the request, so that `prepare` takes little time.
    /// Other coroutines run in between. Does nothing if the document is short, or if the earlier requests of the batch have
    /// already exceeded a limit.
    [[nodiscard]] awaitable<> read_document(request& r, usage batch = {}) const;

    /// Like the other `prepare`, for the next request of a batch. The request is refused if it exceeds a limit together with
    /// the previous ones.
    [[nodiscard]] boost::system::result<operation, refusal> prepare(const request& r, usage& batch) const;

    /// The estimated size, in bytes, of an operation's response or of each response of a subscription. It depends on the
    /// operation's cost, and responses rarely exceed it.
    [[nodiscard]] std::size_t response_estimate(const operation& o) const noexcept;

    /// Bytes of the cached documents. Can be called from any thread.
    [[nodiscard]] std::size_t cached_bytes() const noexcept;

    /// Runs a query or a mutation (throws std::logic_error for a subscription) on the calling coroutine's thread. An exception
    /// from a resolver is logged and reported as an internal error; only operation_aborted is passed on, when this coroutine is
    /// cancelled. The deadline is `c.deadline` or the end of `limits::time`, whichever is earlier; `c.work` is limited to
    /// `limits::computing`.
    [[nodiscard]] awaitable<response> execute(operation o, context c) const;

    /// Like the other `execute`, for the next operation of a batch. The operation does not run if the previous responses
    /// together are already too long.
    [[nodiscard]] awaitable<response> execute(operation o, context c, usage& batch) const;

    /// Starts a subscription (throws std::logic_error for any other operation), or returns why its source cannot be opened.
    /// `limits::time` limits the opening of the source, and separately the response to each event. Waiting for events has no
    /// limit.
    [[nodiscard]] awaitable<opened_subscription> subscribe(operation o, context c, response_admission admit = {}) const;

private:
    [[nodiscard]] awaitable<response> run(operation o, context c, std::size_t used_bytes) const;

    std::unique_ptr<detail::engine_contents> contents_;
};

} // namespace atrium::graphql
