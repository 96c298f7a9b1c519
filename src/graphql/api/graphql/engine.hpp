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

/// What a client asks, taken out of what carried it. Texts are well-formed UTF-8.
struct request {
    std::string query;
    std::optional<std::string> operation_name{};
    boost::json::object variables{};

    std::shared_ptr<const prepared_document> document{}; ///< see engine::read_document
};

/// What the requests of one batch have used of the limits, which then hold for all of them together. Begins empty.
struct usage {
    std::size_t tokens = 0;
    std::size_t root_fields = 0;
    std::size_t aliases = 0;
    std::size_t fields = 0;
    std::size_t cost = 0;
    std::size_t values = 0;
    std::size_t response_bytes = 0;
    std::optional<std::chrono::steady_clock::time_point> deadline{}; ///< once the first one has begun
};

/// At which step a request was found not to be one that can run. None of it has run.
enum class refusal_reason {
    syntax,     ///< the document cannot be parsed
    validation, ///< the document breaks rules of the schema
    limit,      ///< it asks for more than `limits` allow
    operation,  ///< there is no operation of that name, no name for one of several, or no such kind of operations
    variables,  ///< the values do not fit the operation's variables
};

/// A request error, by the specification: the response has no `data`.
struct refusal {
    refusal_reason reason;
    std::string body; ///< the response's JSON text: {"errors":[...]}
};

/// What `result::value()` throws where the caller was sure of an operation.
[[noreturn]] void throw_exception_from_error(const refusal& r, const boost::source_location& where);

struct response {
    std::string body; ///< the response's JSON text: {"errors":[...],"data":...}
    bool has_errors = false;
    bool has_data = true; ///< false where `data` is null
};

/// Whether a subscription that could not begin may begin later.
enum class refusal_cause {
    request,   ///< what the client asks for cannot be had: the same request fails again
    temporary, ///< not now; asking again may help
    internal,  ///< an error of ours, which is in the log
};

/// Why a subscription's source of events could not be opened.
struct unopened_subscription {
    std::string body; ///< the response's JSON text, without `data`: {"errors":[...]}
    refusal_cause cause;
};

/// A request that can run: its document is valid, its operation chosen, its variables coerced, all of it within the limits.
/// Cheap to move; keeps what it needs of the cache alive. May be run more than once.
class operation {
public:
    [[nodiscard]] ast::operation_type type() const noexcept; ///< so that a mutation by GET is refused before it runs

private:
    friend class engine;
    explicit operation(std::shared_ptr<const detail::operation_contents> c) : contents_{std::move(c)} {}
    std::shared_ptr<const detail::operation_contents> contents_;
};

/// The responses of a subscription, one for each event. One coroutine at a time; destroying it ends the subscription.
class response_stream {
public:
    virtual ~response_stream() = default;

    /// The next response; empty after the last. Where the source fails, that is told in the last response. Ends with an
    /// exception (operation_aborted) when the coroutine that waits is cancelled.
    virtual awaitable<std::optional<response>> next() = 0;

    /// Where a subscriber that returns goes on: see `event_source::resume_token`. Empty once the source has failed or ended,
    /// and while `next` executes an event, whose response has not been returned yet.
    [[nodiscard]] virtual std::string resume_token() const = 0;

    /// Whether the source ended because it failed: a subscriber that returns may get what it has missed.
    [[nodiscard]] virtual bool has_failed() const = 0;
};

/// Awaited before a subscription's response to an event is made, so that it begins only when there is room for it. Where it
/// throws, the subscription fails; operation_aborted passes.
using response_admission = std::function<awaitable<>()>;

/// The stream of a subscription, or why there is none.
using opened_subscription = boost::system::result<std::unique_ptr<response_stream>, unopened_subscription>;

/// What `result::value()` throws where the caller was sure of a subscription.
[[noreturn]] void throw_exception_from_error(const unopened_subscription& r, const boost::source_location& where);

/// Executes requests on one schema. Shared by all threads; lives longer than all that it gives.
///
/// Errors in responses have an `extensions.code`:
///   GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE: refused, see refusal_reason
///   LIMIT_EXCEEDED         refused, or the response became too long
///   BAD_USER_INPUT         variables (refused), or arguments that only variables spoil
///   MALFORMED, INVALID, NOT_FOUND, CONFLICT, PRECONDITION_FAILED, UNAVAILABLE: an `errc` that a resolver gave, with the faults
///                          of its input in `extensions.errors` and `extensions.retryAfter` in seconds where they are known
///   TIMEOUT                the request's time was over before this field's turn
///   RATE_LIMITED           the client had used up before this field's turn what it may compute (`context::work`)
///   INTERNAL_SERVER_ERROR  a resolver threw (`extensions.requestId` leads to the log), or gave what the schema forbids
///   ERRORS_LEFT_OUT        the last of very many errors: how many there are besides
class engine {
public:
    explicit engine(executable_schema schema, limits allowed = {});
    ~engine();
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    [[nodiscard]] const graphql::schema& schema() const noexcept;

    /// Parses, validates and plans, or finds all that in the cache; then chooses the operation and coerces variables. Waits for
    /// nothing. Any thread.
    [[nodiscard]] boost::system::result<operation, refusal> prepare(const request& r) const;

    /// Parses and validates a long document that is not in the cache, and lets others run meanwhile, so that `prepare` is
    /// brief. Does nothing for a short document, or if the batch has left too little for another one.
    [[nodiscard]] awaitable<> read_document(request& r, usage batch = {}) const;

    /// The same as the other `prepare` for the next request of a batch: one for which the others have left too little is
    /// refused.
    [[nodiscard]] boost::system::result<operation, refusal> prepare(const request& r, usage& batch) const;

    /// Bytes that the response of an operation, or each of a subscription, hardly ever exceeds: by its cost.
    [[nodiscard]] std::size_t response_estimate(const operation& o) const noexcept;

    /// Bytes of the documents that are kept. Any thread.
    [[nodiscard]] std::size_t cached_bytes() const noexcept;

    /// Runs a query or a mutation (a subscription: std::logic_error) on the calling coroutine's thread. What resolvers throw is
    /// logged and told as an internal error; only operation_aborted leaves, when this coroutine is cancelled. If `limits::time`
    /// ends before `c.deadline`, it counts instead; `c.work` is limited to `limits::computing`.
    [[nodiscard]] awaitable<response> execute(operation o, context c) const;

    /// The same for the next operation of a batch. It does not run if the responses before it are too long already.
    [[nodiscard]] awaitable<response> execute(operation o, context c, usage& batch) const;

    /// Starts a subscription (anything else: std::logic_error), or returns why its source cannot be opened. Opening the source,
    /// and then answering each event, may take `limits::time`; waiting for events has no limit.
    [[nodiscard]] awaitable<opened_subscription> subscribe(operation o, context c, response_admission admit = {}) const;

private:
    [[nodiscard]] awaitable<response> run(operation o, context c, std::size_t used_bytes) const;

    std::unique_ptr<detail::engine_contents> contents_;
};

} // namespace atrium::graphql
