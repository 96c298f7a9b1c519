#pragma once

#include <http/settings.hpp>
#include <support/raw_client.hpp>

namespace atrium::http::test {

using namespace support; // for `raw_client` and `web_socket_client`

/// Settings of TLS with the certificate that all tests share.
inline tls_settings common_tls() {
    const auto& files = support::common_certificate();
    return {.certificate = files.certificate, .key = files.key};
}

/// A request to which the servers of these tests respond with `{"ok":true}`.
inline constexpr auto get_small = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace atrium::http::test
