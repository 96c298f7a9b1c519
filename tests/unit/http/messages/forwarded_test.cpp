#include <http/forwarded.hpp>
#include <support/catch.hpp>

#include <string>
#include <vector>

namespace atrium::http {
namespace {

namespace ip = boost::asio::ip;

const std::vector<address_network> proxies{*address_network::parse("10.0.0.0/8"), *address_network::parse("2001:db8:1::/64")};

std::string client_of(const std::vector<field>& headers, const char* peer = "10.0.0.1") {
    fields header_fields;
    for (const auto& each : headers)
        header_fields.add(each);
    return find_client_address(header_fields, ip::make_address(peer), proxies).to_string();
}

} // namespace

TEST_CASE("a peer that is not a trusted proxy is the client, whatever it sends") {
    CHECK(client_of({{"X-Forwarded-For", "192.0.2.1"}}, "198.51.100.7") == "198.51.100.7");
    CHECK(client_of({{"Forwarded", "for=192.0.2.1"}}, "198.51.100.7") == "198.51.100.7");
}

TEST_CASE("if a trusted proxy reports an address, that is the address of the client") {
    CHECK(client_of({{"X-Forwarded-For", "192.0.2.1"}}) == "192.0.2.1");
    CHECK(client_of({{"Forwarded", "for=192.0.2.1;proto=https;by=10.0.0.1"}}) == "192.0.2.1");
    CHECK(client_of({{"forwarded", R"(Proto=http; For="[2001:db8:2::1]:4711")"}}) == "2001:db8:2::1");
    CHECK(client_of({{"X-Forwarded-For", "2001:db8:2::1"}}, "2001:db8:1::9") == "2001:db8:2::1");
    CHECK(client_of({{"X-Forwarded-For", "192.0.2.1:5000"}}) == "192.0.2.1");
    CHECK(client_of({}) == "10.0.0.1");
}

TEST_CASE("an address that the client itself sends is ignored if a trusted proxy appends another one") {
    CHECK(client_of({{"X-Forwarded-For", "203.0.113.9, 192.0.2.1"}}) == "192.0.2.1");
    CHECK(client_of({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-For", "192.0.2.1, 10.0.0.2"}}) == "192.0.2.1");
    CHECK(client_of({{"Forwarded", "for=203.0.113.9, for=192.0.2.1, for=10.0.0.2"}}) == "192.0.2.1");
}

TEST_CASE("if X-Forwarded-For lists only trusted proxies, the first of them is the client") {
    CHECK(client_of({{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}) == "10.0.0.3");
}

TEST_CASE("in a Forwarded header, the nodes before one without a valid address are ignored") {
    CHECK(client_of({{"Forwarded", "for=192.0.2.1, for=unknown"}}) == "10.0.0.1");
    CHECK(client_of({{"Forwarded", "for=192.0.2.1, for=_hidden, for=10.0.0.2"}}) == "10.0.0.2");
    for (const auto* broken : {"", ",", "for", "for=", "for=\"", "for=\"[::1\"", "for=[", "for=1.2.3", ";;;", "for=\"a, b"})
        CHECK(client_of({{"Forwarded", broken}}) == "10.0.0.1");
}

TEST_CASE("an unclosed quotation mark makes Forwarded unusable, but has no meaning in X-Forwarded-For") {
    CHECK(client_of({{"Forwarded", R"(for=203.0.113.9;x=", for=192.0.2.1)"}}) == "10.0.0.1");
    CHECK(client_of({{"Forwarded", R"(for=203.0.113.9;x="\", for=192.0.2.1)"}}) == "10.0.0.1");
    CHECK(client_of({{"X-Forwarded-For", R"(", 192.0.2.1)"}}) == "192.0.2.1");
}

TEST_CASE("Forwarded and X-Forwarded-For are ignored if they contradict each other") {
    CHECK(client_of({{"Forwarded", "for=203.0.113.9"}, {"X-Forwarded-For", "192.0.2.1"}}) == "10.0.0.1");
    CHECK(client_of({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}}) == "192.0.2.1");
}

TEST_CASE("whether a client uses TLS is taken from the Forwarded or X-Forwarded-Proto header of a trusted proxy") {
    const auto uses_tls = [](const std::vector<field>& headers, const char* peer = "10.0.0.1") {
        fields header_fields;
        for (const auto& each : headers)
            header_fields.add(each);
        return reports_tls(header_fields, ip::make_address(peer), proxies);
    };
    CHECK(uses_tls({{"Forwarded", "for=192.0.2.1;proto=https"}}));
    CHECK(uses_tls({{"Forwarded", "for=192.0.2.1;Proto=\"HTTPS\", for=10.0.0.2;proto=http"}}));
    CHECK(uses_tls({{"X-Forwarded-Proto", "https"}}));
    CHECK(uses_tls({{"X-Forwarded-Proto", "https, http"}}));
    CHECK_FALSE(uses_tls({{"Forwarded", "for=192.0.2.1;proto=http"}, {"X-Forwarded-Proto", "https"}}));
    CHECK_FALSE(uses_tls({{"Forwarded", "for=203.0.113.9;proto=https, for=192.0.2.1;proto=http"}}));
    CHECK_FALSE(uses_tls({{"Forwarded", "for=192.0.2.1;proto=\"https"}}));
    CHECK_FALSE(uses_tls({{"X-Forwarded-Proto", "http"}}));
    CHECK_FALSE(uses_tls({}));
    CHECK_FALSE(uses_tls({{"X-Forwarded-Proto", "https"}}, "198.51.100.7"));
}

} // namespace atrium::http
