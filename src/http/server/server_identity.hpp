#pragma once

#include "sockets/ticket_keys.hpp"
#include "sockets/tls_session.hpp"

#include <base/log.hpp>
#include <http/certificate.hpp>
#include <metrics/registry.hpp>

#include <memory>
#include <mutex>

namespace atrium::http {

/// The metric that shows until when the certificate is valid; 0 without TLS.
[[nodiscard]] metrics::gauge certificate_expiry(metrics::registry& metrics);

/// Certificate and key of a server. Any thread.
class server_identity {
public:
    /// Reads certificate and key from their files. Throws `certificate_error`.
    server_identity(const tls_settings& files, metrics::registry& metrics, logger log);

    /// Reads certificate and key again. If they cannot be used, logs why and keeps the old ones. Existing sessions keep the
    /// certificate with which they have begun.
    void reload();

    [[nodiscard]] std::unique_ptr<tls_session> new_session() const;

    /// Replaces and erases ticket keys that are too old. Called from time to time.
    void rotate_ticket_keys() const;

private:
    /// Reads the files and uses them for new sessions. Returns the validity of the certificate.
    certificate_validity load();

    const tls_settings files_;
    const logger log_;
    metrics::gauge expiry_;
    mutable std::mutex mutex_; // guards the following members
    tls_context context_;
    std::shared_ptr<ticket_keys> keys_; ///< the keys for the tickets of `context_`
};

} // namespace atrium::http
