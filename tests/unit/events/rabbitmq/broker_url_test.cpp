#include "rabbitmq/broker_url.hpp"

#include <support/catch.hpp>

using namespace atrium::events::rabbitmq;

TEST_CASE("the parts of a broker's URL are percent-decoded") {
    const auto url = broker_url::parse("amqps://an%40na:s%2Fecret@broker.example:5673/%2Fshop");
    REQUIRE(url);
    CHECK(url->user == "an@na");
    CHECK(url->password == "s/ecret");
    CHECK(url->host == "broker.example");
    CHECK(url->port == 5673);
    CHECK(url->vhost == "/shop");
    CHECK(url->tls);
}

TEST_CASE("omitted parts of a broker's URL have RabbitMQ's defaults") {
    for (const auto* text : {"amqp://localhost", "amqp://localhost/", "amqp://guest:guest@localhost:5672/%2F"}) {
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

TEST_CASE("the error for an invalid URL of a broker does not quote the URL") {
    for (const auto* text : {"", "http://localhost", "amqp://guest:hidden@host:port", "amqp://a:hidden@b@c",
                             "amqp://h/a/hidden", "amqp://:hidden%zz@h", "localhost:5672"}) {
        CAPTURE(text);
        const auto url = broker_url::parse(text);
        REQUIRE(!url);
        CHECK(url.error().detail.find("hidden") == std::string::npos);
    }
    CHECK(!broker_url::parse(std::string_view{"amqp://h\0idden", 14}));
}

TEST_CASE("a broker's URL without a host is refused") {
    for (const auto* text :
         {"amqp://", "amqps://", "amqp:///shop", "amqp://anna:hidden@", "amqp://anna:hidden@/shop", "amqp://:5672",
          "amqp://:5672/shop", "amqp://anna@:5672/", "amqp://%20/", "amqp://[]/", "amqp://a%00b/", "amqp://a b/"}) {
        CAPTURE(text);
        const auto url = broker_url::parse(text);
        REQUIRE(!url);
        CHECK(url.error().detail.find("hidden") == std::string::npos);
    }
}

TEST_CASE("a broker's URL has one virtual host, which must be valid in AMQP") {
    for (const auto& text :
         {std::string{"amqp://h/a/b"}, std::string{"amqp://h//"}, std::string{"amqp://h//shop"}, std::string{"amqp://h/shop/"},
          std::string{"amqp://h/%00"}, std::string{"amqp://h/shop%00x"}, std::string{"amqp://h/%zz"},
          std::string{"amqp://h/%f"}, std::string{"amqp://h/%ff"}, std::string{"amqp://h/a\nb"}, std::string{"amqp://h/a%0Ab"},
          std::string{"amqp://h/a b"}, std::string{"amqp://h/shop?heartbeat=5"}, std::string{"amqp://h/shop#x"},
          std::string{"amqp://h?x"}, "amqp://h/" + std::string(256, 'v')}) {
        CAPTURE(text);
        CHECK(!broker_url::parse(text));
    }
    CHECK(broker_url::parse("amqp://h/%2Fa%2Fb")->vhost == "/a/b");
    CHECK(broker_url::parse("amqp://h/a%20b%3F")->vhost == "a b?");
    CHECK(broker_url::parse("amqp://h/" + std::string(255, 'v'))->vhost.size() == 255);
}

TEST_CASE("a broker's port is a number from 1 to 65535, written only in digits") {
    for (const auto* text : {"amqp://h:0", "amqp://h:65536", "amqp://h:-1", "amqp://h:+1", "amqp://h: 1",
                             "amqp://h:", "amqp://h:/v", "amqp://[::1]:"}) {
        CAPTURE(text);
        CHECK(!broker_url::parse(text));
    }
}

TEST_CASE("a broker's URL is shown without its password") {
    CHECK(broker_url::parse("amqp://anna:hidden@host/shop")->without_password() == "amqp://anna@host:5672/shop");
    CHECK(broker_url::parse("amqps://anna:hidden@[::1]")->without_password() == "amqps://anna@[::1]:5671/");
}
