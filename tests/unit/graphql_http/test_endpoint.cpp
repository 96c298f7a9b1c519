#include "test_endpoint.hpp"

#include <base/ids.hpp>
#include <base/timer.hpp>
#include <graphql/event_source.hpp>
#include <graphql/introspection.hpp>
#include <graphql/schema_builder.hpp>
#include <support/catch.hpp>
#include <support/computing.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace atrium::graphql_http::test {
namespace {

using graphql::field_call;

/// Ends when the test releases it, or with an exception when it is cancelled.
awaitable<std::string> wait(resolver_state& state) {
    ++state.started;
    try {
        co_await http::test::wait_for(state.release);
    } catch (...) {
        ++state.stopped;
        throw;
    }
    ++state.ended;
    co_return "released";
}

/// Like `wait`, but cannot be cancelled, as a handler cannot be cancelled during a commit.
awaitable<std::string> wait_stubbornly(resolver_state& state) {
    const auto worker = co_await asio::this_coro::executor;
    co_return co_await asio::co_spawn(worker, wait(state),
                                      asio::bind_cancellation_slot(asio::cancellation_slot{}, use_awaitable));
}

/// An event source that gets its events from a function. Counts the open sources.
template <class T>
class source final : public graphql::event_source<T> {
public:
    using next_function = std::function<awaitable<result<std::optional<T>>>()>;

    source(resolver_state& state, next_function function) : state_{state}, next_{std::move(function)} { ++state_.sources; }
    ~source() override { --state_.sources; }
    awaitable<result<std::optional<T>>> next() override { return next_(); }

private:
    resolver_state& state_;
    next_function next_;
};

/// The numbers after `begin` up to `end`. The source can be resumed after each number.
class numbers final : public graphql::event_source<std::int64_t> {
public:
    numbers(std::int64_t begin, std::int64_t end) : last_{begin}, end_{end} {}
    awaitable<result<std::optional<std::int64_t>>> next() override {
        using next_number = result<std::optional<std::int64_t>>;
        co_return last_ == end_ ? next_number{std::nullopt} : next_number{++last_};
    }
    std::string resume_token() const override { return std::to_string(last_); }

private:
    std::int64_t last_;
    std::int64_t end_;
};

template <class T>
using opened = result<std::unique_ptr<graphql::event_source<T>>>;

template <class T>
opened<T> open(resolver_state& state, typename source<T>::next_function function) {
    return opened<T>{std::make_unique<source<T>>(state, std::move(function))};
}

awaitable<result<std::optional<std::string>>> tick(resolver_state& state, std::shared_ptr<std::int64_t> remaining,
                                                   std::size_t size) {
    using next_tick = result<std::optional<std::string>>;
    if (*remaining == 0)
        co_return next_tick{std::nullopt};
    --*remaining;
    ++state.emitted;
    co_return next_tick{std::string(size, 'x')};
}

awaitable<result<std::optional<std::string>>> never() {
    co_await http::test::wait_forever();
    co_return result<std::optional<std::string>>{std::nullopt};
}

awaitable<result<std::optional<std::int64_t>>> emit_one(std::shared_ptr<bool> has_emitted) {
    if (std::exchange(*has_emitted, true))
        co_return error{.code = errc::unavailable, .detail = "no more for now"};
    co_return result<std::optional<std::int64_t>>{1};
}

void add_queries(graphql::object_builder<graphql::root> query, resolver_state& state) {
    query.root("echo(text: String): String", [](const field_call& call) -> awaitable<std::optional<std::string>> {
        co_return call.arguments.get<std::optional<std::string>>("text");
    });
    query.root("number: Int!", [&state]() -> awaitable<std::int64_t> { co_return state.counter; });
    query.root("text(size: Int!): String!", [](const field_call& call) -> awaitable<std::string> {
        co_return std::string(call.arguments.get<std::size_t>("size"), 'x');
    });
    query.root("lasts(ms: Int!): Boolean!", [](const field_call& call) -> awaitable<bool> {
        std::this_thread::sleep_for(std::chrono::milliseconds{call.arguments.get<std::int64_t>("ms")});
        co_return true;
    });
    query.root("computes(ms: Int!): Boolean!", [](const field_call& call) -> awaitable<bool> {
        ::support::compute(std::chrono::milliseconds{call.arguments.get<std::int64_t>("ms")});
        co_return true;
    });
    query.root("pauses(ms: Int!): Boolean!", [](const field_call& call) -> awaitable<bool> {
        steady_timer timer{co_await asio::this_coro::executor,
                           std::chrono::milliseconds{call.arguments.get<std::int64_t>("ms")}};
        co_await timer.async_wait(use_awaitable);
        co_return true;
    });
    query.root("fails: String", []() -> awaitable<std::string> {
        throw std::runtime_error{"a secret reason"};
        co_return "";
    });
    query.root("waits: String", [&state] { return wait(state); });
    query.root("stubborn: String", [&state] { return wait_stubbornly(state); });
}

void add_subscriptions(graphql::object_builder<graphql::root> subscription, resolver_state& state) {
    subscription.stream(
        "ticks(count: Int! = -1, size: Int! = 1): String!", [&state](const field_call& call) -> awaitable<opened<std::string>> {
            const auto remaining = std::make_shared<std::int64_t>(call.arguments.get<std::int64_t>("count"));
            const auto size = call.arguments.get<std::size_t>("size");
            co_return open<std::string>(state, [&state, remaining, size] { return tick(state, remaining, size); });
        });
    subscription.stream("silent: String!",
                        [&state]() -> awaitable<opened<std::string>> { co_return open<std::string>(state, never); });
    subscription.stream("broken: Int!", [&state]() -> awaitable<opened<std::int64_t>> {
        co_return open<std::int64_t>(state, [has_emitted = std::make_shared<bool>()] { return emit_one(has_emitted); });
    });
    subscription.stream("numbers(to: Int!): Int!", [](const field_call& call) -> awaitable<opened<std::int64_t>> {
        const auto begin =
            call.context.resume_token.empty() ? std::optional<std::int64_t>{0} : parse_id(call.context.resume_token);
        if (!begin)
            co_return error{.code = errc::malformed, .detail = "not a number"};
        co_return std::make_unique<numbers>(*begin, call.arguments.get<std::int64_t>("to"));
    });
    subscription.stream("busy: Int!", []() -> awaitable<opened<std::int64_t>> {
        co_return error{.code = errc::unavailable, .detail = "not now"};
    });
    subscription.stream("failing: Int!", []() -> awaitable<opened<std::int64_t>> {
        throw std::runtime_error{"a secret reason"};
        co_return error{.code = errc::unavailable};
    });
    subscription.stream("refused: Int!", []() -> awaitable<opened<std::int64_t>> {
        co_return error{.code = errc::not_found, .detail = "no longer kept"};
    });
}

graphql::executable_schema make_schema(resolver_state& state) {
    graphql::schema_builder schema;
    graphql::add_introspection(schema);
    add_queries(schema.query(), state);
    schema.mutation().root("increment: Int!", [&state]() -> awaitable<std::int64_t> { co_return ++state.counter; });
    add_subscriptions(schema.subscription(), state);
    return std::move(schema).build();
}

http::response page(const http::request&) {
    return {.content_type = "text/html; charset=utf-8", .body = "<p>a page</p>"};
}

} // namespace

test_endpoint::test_endpoint(settings s, http::settings server_settings, graphql::limits allowed)
    : engine_{make_schema(resolvers), allowed}, endpoint_{engine_, s, page, registry_, logger{}},
      server{[this](http::router& router) { endpoint_.add_routes(router, "/graphql/"); }, std::move(server_settings)} {}

void transport_client::begin() {
    send_text(init);
    REQUIRE(read_text() == acknowledged);
}

void transport_client::subscribe(std::string_view id, std::string_view query) {
    send_text(boost::json::serialize(boost::json::value{{"type", "subscribe"}, {"id", id}, {"payload", {{"query", query}}}}));
}

} // namespace atrium::graphql_http::test
