#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace atrium::http {

/// The addresses that count as one client: an IPv4 address, or all IPv6 addresses with the same first 64 bits, because a client
/// commonly has a whole network of this size (a /64).
enum class address_group : std::uint64_t {};

/// The group of an address. An IPv4-mapped IPv6 address belongs to the group of its IPv4 address.
[[nodiscard]] address_group group_of(const boost::asio::ip::address& address);

/// A range of address groups.
class address_network {
public:
    /// Parses a network such as "10.0.0.0/8" or "fc00::/7", or an address. The result is empty if the text is neither a network
    /// nor an address. The last 64 bits of an IPv6 address are ignored.
    [[nodiscard]] static std::optional<address_network> parse(const std::string& text);

    [[nodiscard]] bool contains(address_group address) const noexcept {
        return (static_cast<std::uint64_t>(address) & mask_) == first_;
    }

private:
    address_network(address_group first, unsigned bits) noexcept
        : mask_{bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits)}, first_{static_cast<std::uint64_t>(first) & mask_} {}

    std::uint64_t mask_;
    std::uint64_t first_;
};

} // namespace atrium::http
