#include "rabbitmq/broker_url.hpp"

#include <support/catch.hpp>

using namespace atrium::events::rabbitmq;

TEST_CASE("a broker's URL has its parts, percent-decoded") {
    const auto url = broker_url::parse("amqps://an%40na:s%2Fecret@broker.example:5673/%2Fshop");
    REQUIRE(url);
    CHECK(url->user == "an@na");
    CHECK(url->password == "s/ecret");
    CHECK(url->host == "broker.example");
    CHECK(url->port == 5673);
    CHECK(url->vhost == "/shop");
    CHECK(url->tls);
}

TEST_CASE("what a broker's URL leaves out is RabbitMQ's default") {
    for (const auto* text : {"amqp://", "amqp://localhost", "amqp://localhost/", "amqp://guest:guest@localhost:5672/%2F"}) {
        CAPTURE(text);
        const auto url = broker_url::parse(text);
        REQUIRE(url);
        CHECK(url->user == "guest");
        CHECK(url->password == "guest");
        CHECK(url->host == "localhost");
        CHECK(url->port == 5672);
        CHECK(url->vhost == "/");
        CHECK_FALSE(url->tls);
    }
    CHECK(broker_url::parse("amqps://localhost")->port == 5671);
    CHECK(broker_url::parse("amqp://[::1]:5675/a")->host == "::1");
}

TEST_CASE("what is no AMQP URL is refused without repeating it") {
    for (const auto* text : {"", "http://localhost", "amqp://guest:hidden@host:port", "amqp://a:hidden@b@c",
                             "amqp://h/a/hidden", "amqp://:hidden%zz@h", "localhost:5672"}) {
        CAPTURE(text);
        const auto url = broker_url::parse(text);
        REQUIRE(!url);
        CHECK(url.error().detail.find("hidden") == std::string::npos);
    }
    CHECK(!broker_url::parse(std::string_view{"amqp://h\0idden", 14}));
}

TEST_CASE("a broker's URL is shown without its password") {
    CHECK(broker_url::parse("amqp://anna:hidden@host/shop")->without_password() == "amqp://anna@host:5672/shop");
    CHECK(broker_url::parse("amqps://anna:hidden@[::1]")->without_password() == "amqps://anna@[::1]:5671/");
}
