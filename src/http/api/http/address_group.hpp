#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace atrium::http {

/// What counts as the address of one client: an IPv4 address, or an IPv6 network of 64 bits, which one client commonly has for
/// itself.
enum class address_group : std::uint64_t {};

/// An IPv4 address that was mapped to IPv6 is that IPv4 address.
[[nodiscard]] address_group group_of(const boost::asio::ip::address& address);

/// A range of such addresses.
class address_network {
public:
    /// "10.0.0.0/8", "fc00::/7". The last 64 bits of an IPv6 network do not matter. Empty if the text is not a network.
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
