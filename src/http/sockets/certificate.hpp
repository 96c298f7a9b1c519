#pragma once

#include "sockets/ticket_keys.hpp"
#include "sockets/tls_context.hpp"

#include <http/certificate.hpp>

#include <memory>
#include <string>

namespace atrium::http {

/// A context for servers, with certificate and key, and `keys` for its tickets. Throws `certificate_error`.
[[nodiscard]] tls_context make_server_context(const tls_settings& s,
                                              std::shared_ptr<ticket_keys> keys = std::make_shared<ticket_keys>());
/// The validity of the certificate in a context of `make_server_context`.
[[nodiscard]] certificate_validity validity_of(const tls_context& context);

/// A context for clients that trust the authorities of the system. If `authorities` is not empty, it is the name of a file with
/// further trusted authorities. Throws `certificate_error`.
[[nodiscard]] tls_context make_client_context(const std::string& authorities);

} // namespace atrium::http
