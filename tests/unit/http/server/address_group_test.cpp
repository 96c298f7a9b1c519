#include <http/address_group.hpp>
#include <support/catch.hpp>

using atrium::http::address_network;
using atrium::http::group_of;
using boost::asio::ip::make_address;

TEST_CASE("each IPv4 address counts as a client of its own") {
    CHECK(group_of(make_address("192.0.2.1")) == group_of(make_address("192.0.2.1")));
    CHECK(group_of(make_address("192.0.2.1")) != group_of(make_address("192.0.2.2")));
    CHECK(group_of(make_address("0.0.0.1")) != group_of(make_address("::1")));
}

TEST_CASE("an IPv4 address and its IPv4-mapped IPv6 address count as the same client") {
    CHECK(group_of(make_address("192.0.2.1")) == group_of(make_address("::ffff:192.0.2.1")));
}

TEST_CASE("IPv6 addresses of one network of 64 bits count as the same client") {
    CHECK(group_of(make_address("2001:db8:1:2::1")) == group_of(make_address("2001:db8:1:2:ffff:ffff:ffff:ffff")));
    CHECK(group_of(make_address("2001:db8:1:2::1")) != group_of(make_address("2001:db8:1:3::1")));
}

TEST_CASE("a network contains the addresses with its prefix") {
    const auto contains = [](const char* network, const char* address) {
        return address_network::parse(network).value().contains(group_of(make_address(address)));
    };
    CHECK(contains("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
    CHECK(contains("10.1.2.3/8", "::ffff:10.9.9.9"));
    CHECK(contains("192.0.2.7/32", "192.0.2.7"));
    CHECK_FALSE(contains("192.0.2.7/32", "192.0.2.6"));
    CHECK(contains("0.0.0.0/0", "203.0.113.1"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK(contains("fc00::/7", "fd12:3456::1"));
    CHECK_FALSE(contains("fc00::/7", "fe80::1"));
    CHECK(contains("::1/128", "::1"));
    CHECK_FALSE(contains("::1/128", "127.0.0.1"));
    CHECK(contains("2001:db8:1:2::/64", "2001:db8:1:2::5"));
    CHECK(contains("::ffff:203.0.113.0/120", "203.0.113.200"));
    CHECK_FALSE(contains("::ffff:203.0.113.0/120", "203.0.114.1"));
}

TEST_CASE("as a network, an IPv4 address contains only itself, and an IPv6 address contains its 64-bit network") {
    CHECK(address_network::parse("10.0.0.1").value().contains(group_of(make_address("10.0.0.1"))));
    CHECK_FALSE(address_network::parse("10.0.0.1").value().contains(group_of(make_address("10.0.0.2"))));
    CHECK(address_network::parse("2001:db8::1").value().contains(group_of(make_address("2001:db8::2"))));
    CHECK_FALSE(address_network::parse("2001:db8::1").value().contains(group_of(make_address("2001:db8:0:1::1"))));
}

TEST_CASE("text that is neither a network nor an address is refused") {
    for (const auto* text : {"", "10.0.0", "10.0.0.0/33", "10.0.0/8", "fc00::/129", "gateway.example.com", "10.0.0.0/8 "})
        CHECK_FALSE(address_network::parse(text));
}
