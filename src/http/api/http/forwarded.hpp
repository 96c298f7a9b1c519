#pragma once

#include <http/address_group.hpp>
#include <http/fields.hpp>

#include <boost/asio/ip/address.hpp>

#include <span>

namespace atrium::http {

/// The address of the client that sent a request through proxies: the last address in `Forwarded` (RFC 7239) or
/// `X-Forwarded-For` that does not belong to a trusted proxy. The addresses before it may have been written by the client
/// itself, so they are not trusted. The result is the peer's address if the peer is not a trusted proxy or reports no address.
///
/// If a proxy sets only one of these two headers, it must remove the other one. If a request has both headers and these
/// contradict each other, or if `Forwarded` breaks the grammar, the result is the peer's address.
[[nodiscard]] boost::asio::ip::address find_client_address(const fields& headers, const boost::asio::ip::address& peer,
                                                           std::span<const address_network> trusted_proxies);

/// Whether the client uses TLS, as a trusted proxy reports it in the element of `Forwarded` that has the client's address. If
/// the request has no `Forwarded`, the first value of `X-Forwarded-Proto` counts: most proxies overwrite that header, and a
/// client that sets it itself harms only itself.
[[nodiscard]] bool reports_tls(const fields& headers, const boost::asio::ip::address& peer,
                               std::span<const address_network> trusted_proxies);

} // namespace atrium::http
