#include "server/address_group.hpp"

#include <support/catch.hpp>

using atrium::http::group_of;
using boost::asio::ip::make_address;

TEST_CASE("IPv4 addresses are counted one by one") {
    CHECK(group_of(make_address("192.0.2.1")) == group_of(make_address("192.0.2.1")));
    CHECK(group_of(make_address("192.0.2.1")) != group_of(make_address("192.0.2.2")));
    CHECK(group_of(make_address("0.0.0.1")) != group_of(make_address("::1")));
}

TEST_CASE("an IPv4 address is the same on a socket for IPv6") {
    CHECK(group_of(make_address("192.0.2.1")) == group_of(make_address("::ffff:192.0.2.1")));
}

TEST_CASE("IPv6 addresses of one network of 64 bits are counted together") {
    CHECK(group_of(make_address("2001:db8:1:2::1")) == group_of(make_address("2001:db8:1:2:ffff:ffff:ffff:ffff")));
    CHECK(group_of(make_address("2001:db8:1:2::1")) != group_of(make_address("2001:db8:1:3::1")));
}
