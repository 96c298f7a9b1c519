#include "server/server_identity.hpp"

#include "sockets/certificate.hpp"

#include <chrono>
#include <utility>

namespace atrium::http {

metrics::gauge certificate_expiry(metrics::registry& metrics) {
    return metrics.gauge("atrium_http_certificate_expiry_seconds",
                         "Time until which the certificate of the server is valid, in seconds since 1970; 0 without TLS");
}

server_identity::server_identity(const tls_settings& files, metrics::registry& metrics, logger log)
    : files_{files}, log_{std::move(log)}, expiry_{certificate_expiry(metrics)} {
    (void)load();
}

void server_identity::reload() {
    try {
        const auto validity = load();
        log_.info("the new certificate is in use", {{"valid_until", to_rfc3339(validity.until)}});
    } catch (const certificate_error& failure) {
        log_.error("the new certificate cannot be used, so the old one stays in use", {{"reason", failure.what()}});
    }
}

/// A certificate that is not valid at this time is nevertheless used, because the clock may be wrong and some clients do not
/// check the validity. Tickets get new keys, so that no session with the old certificate is resumed.
certificate_validity server_identity::load() {
    auto keys = std::make_shared<ticket_keys>();
    auto context = make_server_context(files_, keys);
    const auto validity = validity_of(context);
    {
        const std::lock_guard lock{mutex_};
        context_ = std::move(context);
        keys_ = std::move(keys);
    }
    expiry_.set(static_cast<double>(std::chrono::floor<std::chrono::seconds>(validity.until).time_since_epoch().count()));
    const auto now = std::chrono::system_clock::now();
    if (now < validity.from || now >= validity.until)
        log_.warning("the certificate is not valid now, so clients refuse it",
                     {{"valid_from", to_rfc3339(validity.from)}, {"valid_until", to_rfc3339(validity.until)}});
    return validity;
}

void server_identity::rotate_ticket_keys() const {
    std::shared_ptr<ticket_keys> keys;
    {
        const std::lock_guard lock{mutex_};
        keys = keys_;
    }
    keys->rotate();
}

std::unique_ptr<tls_session> server_identity::new_session() const {
    tls_context context;
    {
        const std::lock_guard lock{mutex_};
        context = context_;
    }
    return std::make_unique<tls_session>(context, tls_role::server);
}

} // namespace atrium::http
