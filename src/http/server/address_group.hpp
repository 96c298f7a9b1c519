#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>

namespace atrium::http {

/// Whose connections are counted together: those of an IPv4 address, or of an IPv6 network of 64 bits, which one client
/// commonly has for itself.
enum class address_group : std::uint64_t {};

[[nodiscard]] address_group group_of(const boost::asio::ip::address& address);

} // namespace atrium::http
