#include "test_server.hpp"

#include <base/timer.hpp>
#include <base/unknown_outcome.hpp>

#include <boost/asio/deferred.hpp>

namespace atrium::http::test {

test_server::test_server(settings s) : routes{make_routes()}, http{std::move(s), routes, registry, logger{}} {
    http.start();
}

std::string test_server::metric(const std::string& series) {
    const auto all = registry.render();
    const auto found = all.find("\n" + series + " ");
    if (found == std::string::npos)
        return {};
    const auto begin = found + series.size() + 2;
    return all.substr(begin, all.find('\n', begin) - begin);
}

awaitable<> test_server::wait_for_release(handler_record& record) {
    const auto own_executor = co_await asio::this_coro::executor;
    steady_timer pause{own_executor};
    while (!record.release) {
        pause.expires_after(5ms);
        co_await pause.async_wait(asio::deferred);
    }
}

awaitable<response> test_server::wait() {
    ++waits.started;
    try {
        co_await wait_for_release(waits);
    } catch (const boost::system::system_error&) {
        ++waits.stopped;
        throw;
    }
    ++waits.ended;
    co_return json("\"waited\"");
}

awaitable<response> test_server::commit() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation{});
    ++commits.started;
    co_await wait_for_release(commits);
    ++commits.ended;
    co_return json("\"committed\"");
}

router test_server::make_routes() {
    router r;
    r.get("/small", "", [](const request&) -> awaitable<response> { co_return json(R"({"ok":true})"); });
    r.get("/big", "", [this](const request&) -> awaitable<response> {
        ++big_calls;
        co_return json(std::string(100'000, 'x'));
    });
    r.get("/items/{name}", "", [](const request& q) -> awaitable<response> {
        auto text = q.path;
        text.append("\n").append(q.query).append("\n").append(q.target).append("\n").append(q.headers.get("Host"));
        text.append("\n").append(q.traceparent);
        co_return response{.content_type = text_type, .body = std::move(text)};
    });
    r.post("/echo", "", [](const request& q) -> awaitable<response> { co_return json(std::string{q.body}); });
    r.post(
        "/picky", "", [](const request& q) -> awaitable<response> { co_return json(std::string{q.body}); },
        [](const request& q) -> result<> {
            if (q.headers.has("Content-Type"))
                return {};
            return error{.code = errc::unsupported_type};
        });
    r.get("/fails", "", [](const request&) -> awaitable<response> {
        throw std::runtime_error{"a secret"};
        co_return response{};
    });
    r.get("/loses_a_commit", "", [](const request&) -> awaitable<response> {
        struct lost_commit final : std::runtime_error, unknown_outcome {
            using std::runtime_error::runtime_error;
        };
        throw lost_commit{"a secret"};
        co_return response{};
    });
    r.get("/waits", "", [this](const request&) { return wait(); });
    r.get("/commits", "", [this](const request&) { return commit(); });
    r.get("/nothing", "", [](const request&) -> awaitable<response> { co_return response{.status = status::not_modified}; });
    r.get("/smuggled", "", [this](const request&) -> awaitable<response> {
        ++smuggled;
        co_return json("\"smuggled\"");
    });
    return r;
}

} // namespace atrium::http::test
