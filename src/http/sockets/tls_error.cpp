#include "sockets/tls_error.hpp"

#include <boost/system/error_category.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>

namespace atrium::http {
namespace {

using boost::system::error_code;

// The destructor of Boost's class is not virtual, because categories are never destroyed through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

/// The values are those of `tls_error`, or numbers of OpenSSL, which are far larger.
class tls_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "atrium.tls"; }
    [[nodiscard]] std::string message(int value) const override {
        switch (static_cast<tls_error>(value)) {
        case tls_error::truncated: return "the other side has ended the connection without a notification (TLS)";
        case tls_error::too_many_records: return "the other side sent too many TLS records without data";
        case tls_error::not_tls: return "the other side does not speak TLS at this port";
        }
        const char* reason = ::ERR_reason_error_string(static_cast<unsigned long>(value));
        return reason != nullptr ? std::string{"TLS: "} + reason : "TLS: error " + std::to_string(value);
    }
};

class certificate_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "atrium.certificate"; }
    [[nodiscard]] std::string message(int value) const override {
        return std::string{"the certificate was not accepted: "} + ::X509_verify_cert_error_string(value);
    }
};

#pragma GCC diagnostic pop

const boost::system::error_category& tls_category() noexcept {
    static const tls_category_type category;
    return category;
}

const boost::system::error_category& certificate_category() noexcept {
    static const certificate_category_type category;
    return category;
}

} // namespace

error_code make_error_code(tls_error e) noexcept {
    return {static_cast<int>(e), tls_category()};
}

error_code last_openssl_error() noexcept {
    const auto number = ::ERR_peek_error();
    if (number == 0)
        return make_error_code(tls_error::truncated);
    if (ERR_GET_LIB(number) == ERR_LIB_SYS)
        return {ERR_GET_REASON(number), boost::system::system_category()};
    if (ERR_GET_LIB(number) == ERR_LIB_SSL) {
        const int reason = ERR_GET_REASON(number);
        if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
            return make_error_code(tls_error::not_tls);
    }
    return {static_cast<int>(number), tls_category()};
}

error_code make_certificate_error(long verify_result) noexcept {
    return {static_cast<int>(verify_result), certificate_category()};
}

bool is_certificate_error(const error_code& failure) noexcept {
    return failure.category() == certificate_category();
}

} // namespace atrium::http
