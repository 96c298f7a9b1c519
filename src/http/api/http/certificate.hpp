#pragma once

#include <base/clock.hpp>
#include <http/settings.hpp>

#include <stdexcept>

namespace atrium::http {

/// Why a certificate, a key or a file of authorities cannot be used. The text names the setting and the file, and is meant for
/// the person who configured them.
class certificate_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The time during which a certificate is valid.
struct certificate_validity {
    timestamp from;
    timestamp until;
};

/// Reads certificate and key as a server with these settings does. Throws `certificate_error`.
[[nodiscard]] certificate_validity check_certificate(const tls_settings& s);

/// Reads the authorities as a client with these settings does. Throws `certificate_error`.
void check_authorities(const tls_settings& s);

} // namespace atrium::http
