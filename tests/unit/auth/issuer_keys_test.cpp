#include "issuer_keys.hpp"
#include "rfc_vectors.hpp"
#include "test_issuer.hpp"

#include <http/server.hpp>
#include <module_support/module_process.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;
using support::run;

namespace {

const std::string one_key = set_of(vectors::eddsa_key);
const std::string two_keys = set_of(vectors::eddsa_key, vectors::es256_key);

/// Clocks that the test sets, and the metrics of the keys.
struct clock_fixture {
    support::settable_clock time;
    std::atomic<std::chrono::steady_clock::time_point> steady{std::chrono::steady_clock::time_point{1000h}};
    metrics::registry metrics;

    void advance(std::chrono::milliseconds duration) { steady = steady.load() + duration; }
    issuer_keys::parts parts(logger log = {}) {
        return {time, metrics, std::move(log), [this] { return steady.load(); }};
    }
};

/// The server from which an issuer's keys are fetched. The test sets its response.
struct key_server {
    explicit key_server(std::string served) : text{std::move(served)} {
        router.get("/keys", "", [this](const http::request& q) { return answer(q); });
        server.start();
    }
    ~key_server() {
        server.drain(std::chrono::steady_clock::now());
        server.stop();
    }

    awaitable<http::response> answer(const http::request& q) {
        ++calls;
        const std::lock_guard lock{mutex};
        auto found = http::json(text);
        found.status = status;
        if (q.query != "version=1")
            found.status = http::status::bad_request;
        co_return found;
    }
    void serve(std::string next, http::status s = http::status::ok) {
        const std::lock_guard lock{mutex};
        text = std::move(next);
        status = s;
    }
    [[nodiscard]] jwt_settings settings() const {
        return {.jwks = "http://127.0.0.1:" + std::to_string(server.port()) + "/keys?version=1"};
    }

    std::mutex mutex;
    std::string text;
    http::status status = http::status::ok;
    std::atomic<int> calls = 0;
    metrics::registry metrics;
    http::router router;
    http::server server{{.port = 0, .threads = 1}, router, metrics, {}};
};

void write(const std::filesystem::path& file, std::string_view text) {
    const auto next = file.string() + ".new";
    std::ofstream{next} << text;
    std::filesystem::rename(next, file);
}

} // namespace

TEST_CASE("keys are read from a file when issuer_keys is created, and again when the file changes") {
    support::temporary_directory folder;
    clock_fixture fixture;
    write(folder / "keys.json", one_key);
    issuer_keys keys{{.jwks = folder / "keys.json"}, fixture.parts()};
    const auto first = keys.current();
    CHECK(first->keys.size() == 1);
    run(keys.refresh_if_due());
    CHECK(keys.current() == first);
    write(folder / "keys.json", two_keys);
    run(keys.refresh_if_due());
    CHECK(keys.current()->keys.size() == 2);
    CHECK(keys.current()->number == first->number + 1);
}

TEST_CASE("a key file that cannot be used prevents the start") {
    support::temporary_directory folder;
    clock_fixture fixture;
    const auto file = folder / "keys.json";
    CHECK_THROWS_WITH((issuer_keys{{.jwks = file}, fixture.parts()}),
                      "auth.jwt.jwks: " + file.string() + " cannot be used: the file cannot be read");
    write(file, "{}");
    CHECK_THROWS_AS((issuer_keys{{.jwks = file}, fixture.parts()}), std::runtime_error);
    CHECK_THROWS_AS((issuer_keys{{.jwks = folder.path()}, fixture.parts()}), std::runtime_error);
}

TEST_CASE("if the key file becomes unusable, the known keys stay in use, and the log reports the failure") {
    support::temporary_directory folder;
    support::captured_stderr captured;
    clock_fixture fixture;
    write(folder / "keys.json", one_key);
    {
        issuer_keys keys{{.jwks = folder / "keys.json"}, fixture.parts(logger{{}, "auth"})};
        const auto known = keys.current();
        write(folder / "keys.json", "broken");
        run(keys.refresh_if_due());
        CHECK(keys.current() == known);
        std::filesystem::remove(folder / "keys.json");
        run(keys.refresh_if_due());
        CHECK(keys.current() == known);
        write(folder / "keys.json", two_keys);
        run(keys.refresh_if_due());
        CHECK(keys.current()->keys.size() == 2);
    }
    CHECK(captured.text().find("the keys of the issuer could not be read; the known keys stay in use") != std::string::npos);
    CHECK(captured.text().find("the keys of the issuer could be read again") != std::string::npos);
    CHECK(fixture.metrics.render().find(R"(atrium_auth_key_refreshes_total{outcome="failure"} 2)") != std::string::npos);
}

TEST_CASE("keys are fetched from a URL, and again after 15 minutes") {
    key_server server{one_key};
    clock_fixture fixture;
    issuer_keys keys{server.settings(), fixture.parts()};
    CHECK(keys.current()->keys.size() == 0);
    run(keys.refresh_if_due());
    const auto first = keys.current();
    CHECK(first->keys.size() == 1);
    run(keys.refresh_if_due());
    CHECK(server.calls == 1);
    fixture.advance(15min);
    run(keys.refresh_if_due());
    CHECK(server.calls == 2);
    CHECK(keys.current() == first); // the set keeps its number, so verified tokens stay known
    server.serve(two_keys);
    fixture.advance(15min);
    run(keys.refresh_if_due());
    CHECK(keys.current()->keys.size() == 2);
}

TEST_CASE("after a failed fetch, the known keys stay in use, and the fetch is repeated after 30 seconds") {
    key_server server{one_key};
    clock_fixture fixture;
    issuer_keys keys{server.settings(), fixture.parts()};
    run(keys.refresh_if_due());
    const auto known = keys.current();
    for (const auto& [text, status] : {std::pair{std::string{"{}"}, http::status::ok}, {two_keys, http::status::not_found}}) {
        server.serve(text, status);
        fixture.advance(15min);
        run(keys.refresh_if_due());
        CHECK(keys.current() == known);
    }
    server.serve(two_keys);
    fixture.advance(30s);
    run(keys.refresh_if_due());
    CHECK(keys.current()->keys.size() == 2);
}

TEST_CASE("an issuer that cannot be reached does not prevent the start") {
    std::string url;
    {
        key_server gone{one_key};
        url = gone.settings().jwks;
    }
    clock_fixture fixture;
    issuer_keys keys{{.jwks = url}, fixture.parts()};
    run(keys.refresh_if_due());
    CHECK(keys.current()->keys.size() == 0);
    CHECK(keys.current()->number == 0);
}

TEST_CASE("several requests for newer keys share one refresh, and further requests are refused for a minute") {
    key_server server{one_key};
    clock_fixture fixture;
    issuer_keys keys{server.settings(), fixture.parts()};
    run(keys.refresh_if_due());
    int wakes = 0;
    keys.set_wake([&] { ++wakes; });

    asio::io_context worker{1};
    std::vector<std::future<bool>> waiting;
    for (int i = 0; i < 3; ++i)
        waiting.push_back(asio::co_spawn(worker, keys.request_newer(), asio::use_future));
    worker.poll();
    CHECK(wakes == 3);
    server.serve(two_keys);
    run(keys.refresh_if_due());
    worker.restart();
    worker.run();
    for (auto& each : waiting)
        CHECK(each.get());
    CHECK(server.calls == 2);
    CHECK(keys.current()->keys.size() == 2);

    CHECK_FALSE(run(keys.request_newer()));
    run(keys.refresh_if_due());
    CHECK(server.calls == 2);
    fixture.advance(1min);
    worker.restart();
    auto later = asio::co_spawn(worker, keys.request_newer(), asio::use_future);
    worker.poll();
    run(keys.refresh_if_due());
    worker.restart();
    worker.run();
    CHECK(later.get());
    CHECK(server.calls == 3);
}

TEST_CASE("requests that wait for newer keys end when the refreshing of keys is stopped") {
    key_server server{one_key};
    clock_fixture fixture;
    issuer_keys keys{server.settings(), fixture.parts()};
    asio::io_context worker{1};
    auto waiting = asio::co_spawn(worker, keys.request_newer(), asio::use_future);
    worker.poll();
    keys.stop();
    worker.restart();
    worker.run();
    CHECK(waiting.get());
    CHECK_FALSE(run(keys.request_newer()));
}

TEST_CASE("the URL of a key set has a server and a target, and must use https unless the server is on this machine") {
    const auto parsed = parse_jwks_url("https://issuer.example:81/a/keys?v=1");
    REQUIRE(parsed);
    CHECK(parsed->server.authority == "issuer.example:81");
    CHECK(parsed->target == "/a/keys?v=1");
    CHECK(parse_jwks_url("https://issuer.example").value().target == "/");
    CHECK(parse_jwks_url("https://issuer.example?x").value().target == "/?x");
    for (const auto* local : {"http://localhost/keys", "http://127.0.0.1:8080/keys", "http://[::1]/keys"})
        CHECK(parse_jwks_url(local));
    CHECK(parse_jwks_url("http://issuer.example/keys").error().detail.starts_with("it must begin with https://"));
    for (const auto* text : {"", "http://", "ftp://a/", "issuer.example/keys", "https://u:p@a/", "https://a/ b",
                             "https://a/b#c", "https://a/\r\nX: y", "https://a:0/"})
        CHECK_FALSE(parse_jwks_url(text));
}

TEST_CASE("a request for newer keys that arrives during a regular refresh gets a refresh of its own") {
    key_server server{one_key};
    clock_fixture fixture;
    issuer_keys keys{server.settings(), fixture.parts()};
    asio::io_context worker{1};
    auto regular = asio::co_spawn(worker, keys.refresh_if_due(), asio::use_future);
    auto requested = asio::co_spawn(worker, keys.request_newer(), asio::use_future);
    while (regular.wait_for(0s) != std::future_status::ready)
        worker.run_one();
    regular.get();
    CHECK(requested.wait_for(0s) != std::future_status::ready);
    server.serve(two_keys);
    run(keys.refresh_if_due());
    worker.restart();
    worker.run();
    CHECK(requested.get());
    CHECK(server.calls == 2);
    CHECK(keys.current()->keys.size() == 2);
}
