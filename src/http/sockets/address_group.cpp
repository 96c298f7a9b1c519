#include <http/address_group.hpp>

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

namespace ip = boost::asio::ip;

/// An IPv4 address becomes an IPv6 network that begins with 0:ffff. Such networks are not assigned, so no IPv6 client has the
/// same group.
address_group group_of_v4(const ip::address_v4& address) {
    return address_group{0xffff'0000'0000U | address.to_uint()};
}

} // namespace

address_group group_of(const ip::address& address) {
    if (address.is_v4())
        return group_of_v4(address.to_v4());
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return group_of_v4(ip::make_address_v4(ip::v4_mapped, v6));
    const auto bytes = v6.to_bytes();
    std::uint64_t network = 0;
    for (std::size_t i = 0; i < sizeof network; ++i)
        network = network << 8 | bytes[i];
    return address_group{network};
}

std::optional<address_network> address_network::parse(const std::string& text) {
    boost::system::error_code failure;
    if (const auto address = ip::make_address(text, failure); !failure)
        return address_network{group_of(address), 64};
    if (const auto v4 = ip::make_network_v4(text, failure); !failure)
        return address_network{group_of(v4.address()), 32U + v4.prefix_length()};
    const auto v6 = ip::make_network_v6(text, failure);
    if (failure)
        return std::nullopt;
    const unsigned bits = v6.prefix_length();
    if (v6.address().is_v4_mapped() && bits >= 96)
        return address_network{group_of(v6.address()), 32 + (bits - 96)};
    return address_network{group_of(v6.address()), std::min(64U, bits)};
}

} // namespace atrium::http
