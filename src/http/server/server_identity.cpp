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
    auto context = make_server_context(files_);
    const auto validity = validity_of(context);
    use(std::move(context), validity);
}

void server_identity::reload() {
    try {
        auto context = make_server_context(files_);
        const auto validity = validity_of(context);
        use(std::move(context), validity);
        log_.info("the new certificate is in use", {{"valid_until", to_rfc3339(validity.until)}});
    } catch (const certificate_error& failure) {
        log_.error("the new certificate cannot be used, so the old one stays in use", {{"reason", failure.what()}});
    }
}

/// A certificate that is not valid at this time is nevertheless used, because the clock may be wrong and some clients do not
/// check the validity.
void server_identity::use(tls_context context, const certificate_validity& validity) {
    {
        const std::lock_guard lock{mutex_};
        context_ = std::move(context);
    }
    expiry_.set(static_cast<double>(std::chrono::floor<std::chrono::seconds>(validity.until).time_since_epoch().count()));
    const auto now = std::chrono::system_clock::now();
    if (now < validity.from || now >= validity.until)
        log_.warning("the certificate is not valid now, so clients refuse it",
                     {{"valid_from", to_rfc3339(validity.from)}, {"valid_until", to_rfc3339(validity.until)}});
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
