#include <app/settings.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <fstream>
#include <string>
#include <utility>

namespace {

using namespace atrium;

app::faults faults_of(std::vector<std::string> assignments) {
    const auto read = app::read_settings({{}, {}, std::move(assignments)});
    return read ? app::faults{} : read.error();
}

} // namespace

TEST_CASE("all modules run unless modules.enabled lists some of them") {
    CHECK(app::read_settings({})->modules.empty());
    const auto some = app::read_settings({{}, {}, {R"(modules.enabled=["users"])"}});
    REQUIRE(some.has_value());
    CHECK(some->runs("users"));
    CHECK_FALSE(some->runs("orders"));
    CHECK(faults_of({R"(modules.enabled=["users", "mail"])"}).size() == 1);
}

TEST_CASE("without configuration the modules users and orders run on 127.0.0.1:8000") {
    const auto read = app::read_settings({});
    REQUIRE(read.has_value());
    CHECK(read->http.address == "127.0.0.1");
    CHECK(read->http.port == 8000);
    CHECK(read->storage.path == "data/atrium.db");
    CHECK(read->runs("users"));
    CHECK(read->runs("orders"));
    CHECK_FALSE(read->runs("mail"));
}

TEST_CASE("an unknown bus adapter is an error, and the message lists the valid adapters") {
    support::temporary_directory folder;
    const auto file = folder / "config.toml";
    std::ofstream{file} << "[bus]\nadapter = \"rabitmq\"\n";
    const auto read = app::read_settings({file, {}, {}});
    REQUIRE(read.has_error());
    CHECK(read.error() == app::faults{file.string() + R"(:2: bus.adapter is "rabitmq"; it can be "in-process" or "rabbitmq")"});

    const auto environment_settings = app::read_settings({{}, {"ATRIUM_BUS__ADAPTER=kafka"}, {}});
    REQUIRE(environment_settings.has_error());
    CHECK(environment_settings.error() ==
          app::faults{R"(environment ATRIUM_BUS__ADAPTER: bus.adapter is "kafka"; it can be "in-process" or "rabbitmq")"});
}

TEST_CASE("each bridge needs a queue of its own, a direction and topics") {
    const auto fault_of = [](const std::string& bridges) {
        const auto all = faults_of({"bus.rabbitmq.bridge=" + bridges});
        return all.empty() ? std::string{} : all.front().substr(all.front().rfind("bus.rabbitmq.bridge["));
    };
    CHECK(fault_of(R"([{queue="a", direction="publish", topics=["orders.#"]}, )"
                   R"({queue="b", direction="consume", topic="orders.order_created"}])")
              .empty());
    CHECK(fault_of(R"([{queue="a", direction="publish", topics=["#"]}, {queue="a", direction="consume", topic="x.y"}])") ==
          "bus.rabbitmq.bridge[1].queue is a, which is also the queue of bridge[0]; each bridge needs a queue of its own");
    CHECK(fault_of(R"([{direction="publish", topics=["#"]}])") == "bus.rabbitmq.bridge[0] has no queue");
    CHECK(fault_of(R"([{queue="a", direction="publish"}])") ==
          "bus.rabbitmq.bridge[0] has neither topics (to publish) nor a topic (to consume)");
    CHECK(fault_of(R"([{queue="a", direction="consume", topics=["#"]}])") ==
          "bus.rabbitmq.bridge[0] needs topics to publish, or a topic to consume, as its direction requires");
    CHECK(fault_of(R"([{queue="a", direction="sideways"}])") ==
          R"(bus.rabbitmq.bridge[0].direction is "sideways"; it can be "publish" or "consume")");
}

TEST_CASE("a bridge that cannot be read is reported as a single error") {
    for (const auto* bridges : {R"([{queue="a", direction="sideways", topics=["#"]}])", R"([{queue="a", color="red"}])", "5"})
        CHECK(faults_of({std::string{"bus.rabbitmq.bridge="} + bridges}).size() == 1);
}

TEST_CASE("the module orders needs the module users, in the same process or in another one") {
    CHECK(
        faults_of({R"(modules.enabled=["orders"])"}) ==
        app::faults{
            R"(--set modules.enabled=["orders"]: modules.enabled has "orders" without "users"; orders looks up each )"
            R"(customer in users: enable both, or specify where users runs, as in modules.orders.users_url = "http://127.0.0.1:8000")"});
    CHECK(faults_of({R"(modules.enabled=["users"])"}).empty());
    CHECK(faults_of({R"(modules.enabled=["orders"])", R"(modules.enabled=["orders", "users"])"}).empty());
    CHECK(faults_of({R"(modules.enabled=["orders"])", "modules.orders.users_url=http://127.0.0.1:8000"}).empty());
}

TEST_CASE("orders cannot use the users module of another process if users is enabled in this process") {
    CHECK(
        faults_of({"modules.orders.users_url=http://127.0.0.1:8000"}) ==
        app::faults{"--set modules.orders.users_url=http://127.0.0.1:8000: modules.orders.users_url is the URL of another "
                    "process that runs users, but users is enabled in this process; remove the URL or change modules.enabled"});
    // Both processes can share one configuration file, because the process without orders does not use the URL.
    CHECK(faults_of({R"(modules.enabled=["users"])", "modules.orders.users_url=http://127.0.0.1:8000"}).empty());
}

TEST_CASE("the URL of the broker must be valid, and error messages do not contain it") {
    for (const auto* good : {"amqp://localhost", "amqps://ann:s%2Fecret@broker.example/shop", "amqp://[::1]:5675"})
        CHECK(faults_of({"bus.rabbitmq.url=" + std::string{good}}).empty());
    for (const auto* wrong :
         {"", "http://ann:hidden@broker", "amqp://ann:hidden@broker:port", "amqp://ann:hidden%zz@broker", "broker:5672"})
        CHECK(faults_of({"bus.rabbitmq.url=" + std::string{wrong}}) ==
              app::faults{R"(--set bus.rabbitmq.url=(not shown): bus.rabbitmq.url is (not shown); it can be of the form )"
                          R"("amqp://USER:PASSWORD@HOST:PORT/VHOST" or "amqps://...", special characters of a part )"
                          R"(percent-encoded ("/" as %2F))"});
}

TEST_CASE("the URL of the broker has a host, a valid port and at most one virtual host") {
    for (const auto* wrong : {"amqp://", "amqps://", "amqp:///shop", "amqp://ann:hidden@/shop", "amqp://:5672", "amqp://h/a/b",
                              "amqp://h/a%00b", "amqp://h%00x/", "amqp://h/shop?heartbeat=5", "amqp://h:0/", "amqp://h:+5672/"})
        CHECK(faults_of({"bus.rabbitmq.url=" + std::string{wrong}}).size() == 1);
}

TEST_CASE("error messages do not contain the value of modules.orders.users_url if it may contain a password") {
    for (const auto* url : {"http://ann:hidden@users", "https://ann:hidden@users", "http://users?password=hidden",
                            "http://ann:hidden", "ann:hidden@users:8000", "http://ann:hid@den@users:8000/"}) {
        CAPTURE(url);
        const auto found = faults_of({R"(modules.enabled=["orders"])", "modules.orders.users_url=" + std::string{url}});
        REQUIRE(found.size() == 2); // the second error is that orders needs users
        CHECK(
            found.front().starts_with("--set modules.orders.users_url=(not shown): modules.orders.users_url is (not shown); "));
        for (const auto& fault : found)
            CHECK(fault.find("hid") == std::string::npos);
    }
}

TEST_CASE("modules.orders.users_url must be an http or https URL without user information and query") {
    const auto errors_with_url = [](const std::string& url) {
        return faults_of({R"(modules.enabled=["orders"])", "modules.orders.users_url=" + url});
    };
    CHECK(errors_with_url("http://users/below/this").empty());
    CHECK(errors_with_url("https://users").empty());
    for (const auto* wrong : {"ftp://users", "users:8000", "http://ann:secret@users", "http://users?x"})
        CHECK_FALSE(errors_with_url(wrong).empty());
    CHECK(
        errors_with_url("ftp://users").front() ==
        R"(--set modules.orders.users_url=ftp://users: modules.orders.users_url is "ftp://users"; it can be "" or an http or )"
        R"(https URL such as "http://127.0.0.1:8000")");
}

TEST_CASE("tls.certificate and tls.key are set together or not at all") {
    CHECK(faults_of({"tls.certificate=a.pem", "tls.key=b.pem"}).empty());
    CHECK(faults_of({"tls.trust=c.pem"}).empty());
    CHECK(faults_of({"tls.certificate=a.pem"}) ==
          app::faults{"--set tls.certificate=a.pem: tls.certificate is set without tls.key; HTTPS needs both"});
    CHECK(faults_of({"tls.key=b.pem"}) ==
          app::faults{"--set tls.key=b.pem: tls.key is set without tls.certificate; HTTPS needs both"});
}

TEST_CASE("without authentication, the server listens only on loopback, unless the settings allow other addresses") {
    for (const auto* address : {"0.0.0.0", "::", "192.0.2.1"}) {
        app::settings s;
        s.http.address = address;
        CHECK_THAT(find_network_exposure(s).value_or(""), Catch::Matchers::ContainsSubstring("set auth.mode = \"token\""));
        s.http.allow_unauthenticated_network = true;
        CHECK_FALSE(find_network_exposure(s));
        s.http.allow_unauthenticated_network = false;
        s.auth.mode = auth::mode::token;
        CHECK_FALSE(find_network_exposure(s));
    }
    for (const auto* address : {"127.0.0.1", "127.0.0.2", "::1"}) {
        app::settings s;
        s.http.address = address;
        CHECK_FALSE(find_network_exposure(s));
    }
}

TEST_CASE("a token is sent to another machine only by https, unless the settings allow plain HTTP") {
    app::settings s;
    s.modules = {"orders"};
    auto& url = s.module_urls["modules.orders.users_url"];
    auto& token = s.module_tokens["modules.orders.users_token"];
    token = "sesame";
    for (const auto* exposed : {"http://192.0.2.1:8000", "http://users.example"}) {
        CAPTURE(exposed);
        url = exposed;
        const auto found = find_exposed_token(s).value_or("");
        CHECK_THAT(found,
                   Catch::Matchers::StartsWith("modules.orders.users_token would be sent to another machine without TLS"));
        CHECK(found.find("sesame") == std::string::npos);
        s.allow_plain_tokens = true;
        CHECK_FALSE(find_exposed_token(s));
        s.allow_plain_tokens = false;
        token.clear();
        CHECK_FALSE(find_exposed_token(s));
        token = "sesame";
        s.modules = {}; // users runs here, and nothing is sent
        CHECK_FALSE(find_exposed_token(s));
        s.modules = {"orders"};
    }
    for (const auto* safe : {"https://users.example", "http://127.0.0.1:8000"}) {
        CAPTURE(safe);
        url = safe;
        CHECK_FALSE(find_exposed_token(s));
    }
}

TEST_CASE("http.address must be an IP address") {
    CHECK(faults_of({"http.address=::1"}).empty());
    CHECK(faults_of({"http.address=0.0.0.0"}).empty());
    CHECK(faults_of({"http.address=localhost"}) ==
          app::faults{R"(--set http.address=localhost: http.address is "localhost"; it can be an IPv4 or IPv6 address)"});
}

TEST_CASE("http.cors_origin is empty, '*' or an origin") {
    for (const auto* good : {"", "*", "https://example.com", "http://localhost:3000"})
        CHECK(faults_of({"http.cors_origin=" + std::string{good}}).empty());
    for (const auto* wrong : {"example.com", "https://", "https://example.com/", "ftp://example.com", "https://a b", "null"})
        CHECK(faults_of({"http.cors_origin=" + std::string{wrong}}).size() == 1);
}

TEST_CASE("http.cors_origin can be a list in the configuration file, the environment and --set") {
    const auto origins_of = [](const config::sources& sources) {
        const auto read = app::read_settings(sources);
        REQUIRE(read.has_value());
        return read->http.cors_origins;
    };
    using origins = std::vector<std::string>;
    CHECK(origins_of({}).empty());
    CHECK(origins_of({{}, {}, {"http.cors_origin="}}).empty());
    CHECK(origins_of({{}, {}, {"http.cors_origin=https://a.example"}}) == origins{"https://a.example"});
    CHECK(origins_of({{}, {}, {R"(http.cors_origin=["https://a.example", "http://b.example:3000"])"}}) ==
          origins{"https://a.example", "http://b.example:3000"});
    CHECK(origins_of({{}, {R"(ATRIUM_HTTP__CORS_ORIGIN=["https://A.example:443"])"}, {}}) == origins{"https://A.example:443"});

    support::temporary_directory folder;
    const auto file = folder / "config.toml";
    for (const auto& [value, read] : {std::pair{R"("https://a.example")", origins{"https://a.example"}},
                                      {R"(["https://a.example", "*"])", {"https://a.example", "*"}},
                                      {R"("")", {}},
                                      {"[]", {}}}) {
        std::ofstream{file} << "[http]\ncors_origin = " << value << "\n";
        CHECK(origins_of({file, {}, {}}) == read);
    }
    for (const auto* wrong :
         {R"([""])", R"(["https://a.example/"])", R"(["https://a.example", 1])", R"(["http://127.1"])", "["})
        CHECK(
            faults_of({"http.cors_origin=" + std::string{wrong}}) ==
            app::faults{
                "--set http.cors_origin=" + std::string{wrong} + ": http.cors_origin is " + std::string{wrong} +
                R"(; it can be "", "*" or an origin such as "https://example.com" (an IPv4 address in full: 127.0.0.1), or a )"
                "list of these"});
}

TEST_CASE("http.cors_headers is a list of header names") {
    CHECK(app::read_settings({})->http.cors_headers == std::vector<std::string>{"baggage", "sentry-trace", "tracestate"});
    CHECK(faults_of({R"(http.cors_headers=["X-Shop", "baggage"])"}).empty());
    CHECK(faults_of({"http.cors_headers=[]"}).empty());
    for (const auto* wrong : {R"([""])", R"(["a b"])", R"(["a, b"])", R"(["a\r\nb"])", R"("baggage")"})
        CHECK(faults_of({"http.cors_headers=" + std::string{wrong}}).size() == 1);
}

TEST_CASE("http.hosts is a list of host names without a port") {
    CHECK(faults_of({R"(http.hosts=["atrium.example.com", "atrium", "a_b.svc.cluster.local.", "xn--bcher-kva.example"])"})
              .empty());
    CHECK(faults_of({"http.hosts=[]"}).empty());
    for (const auto* wrong : {"", ".", "atrium:8000", "http://atrium", "*", "*.example.com", "a b", "a/b", "[::1]"})
        CHECK(faults_of({"http.hosts=[\"" + std::string{wrong} + "\"]"}).size() == 1);
}

TEST_CASE("http.web_socket.origins is a list of origins") {
    CHECK(faults_of({R"(http.web_socket.origins=[])"}).empty());
    CHECK(faults_of({R"(http.web_socket.origins=["https://example.com", "http://localhost:3000"])"}).empty());
    CHECK(faults_of({R"(http.web_socket.origins=["*"])"}).empty());
    CHECK(faults_of({R"(http.web_socket.origins=["example.com"])"}).size() == 1);
    CHECK(faults_of({R"(http.web_socket.origins=["https://example.com", ""])"}).size() == 1);
}

TEST_CASE("http.web_socket.silence must be longer than http.web_socket.ping") {
    CHECK(faults_of({"http.web_socket.silence=20s"}) ==
          app::faults{"--set http.web_socket.silence=20s: http.web_socket.silence is not longer than http.web_socket.ping; no "
                      "ping could be answered in time"});
    CHECK(faults_of({"http.web_socket.ping=2h"}).size() == 1);
    CHECK(faults_of({"http.web_socket.ping=2h", "http.web_socket.silence=3h"}).empty());
}

TEST_CASE("http.limits.memory is 0 or at least 16 MiB") {
    CHECK(faults_of({"http.limits.memory=0"}).empty());
    CHECK(faults_of({"http.limits.memory=16777216"}).empty());
    CHECK(faults_of({"http.limits.memory=16777215"}) ==
          app::faults{"--set http.limits.memory=16777215: http.limits.memory is less than 16 MiB (16777216) and not 0"});
}

TEST_CASE("events.retry.longest_delay must not be shorter than events.retry.first_delay") {
    CHECK(faults_of({"events.retry.first_delay=1h"}) ==
          app::faults{
              "--set events.retry.first_delay=1h: events.retry.longest_delay is shorter than events.retry.first_delay; it can "
              "be equal or longer"});
    CHECK(faults_of({"events.retry.first_delay=1h", "events.retry.longest_delay=1h"}).empty());
}

TEST_CASE("each limit of GraphQL documents can be 0, but the limits of GraphQL WebSockets must be in their ranges") {
    for (const auto* key : {"tokens", "depth", "aliases", "root_fields", "fields", "cost", "response_bytes", "cached_documents",
                            "cached_bytes"}) {
        CHECK(faults_of({"graphql." + std::string{key} + "=0"}).empty());
        CHECK(faults_of({"graphql." + std::string{key} + "=-1"}).size() == 1);
        CHECK(faults_of({"graphql." + std::string{key} + "=many"}).size() == 1);
    }
    CHECK(faults_of({"graphql.time=0ms"}).empty());
    CHECK(faults_of({"graphql.time=10"}).size() == 1);
    CHECK(faults_of({"graphql.web_socket.operations=0"}).size() == 1); // a connection without operations would be useless
    CHECK(faults_of({"graphql.web_socket.init=1ms", "graphql.web_socket.slow_reader=2h"}).size() == 2);
    CHECK(faults_of({"graphql.speed=9"}).size() == 1);
}
