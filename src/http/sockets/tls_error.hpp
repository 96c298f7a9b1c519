#pragma once

#include <boost/system/error_code.hpp>

#include <string>

// The errors of TLS as error codes, whose messages are for the log and for operators.
namespace atrium::http {

enum class tls_error {
    truncated = 1,    ///< the connection has ended without the notification that TLS requires
    too_many_records, ///< the other side has sent too many records without data, such as key updates
    not_tls,          ///< the other side does not speak TLS
};

[[nodiscard]] boost::system::error_code make_error_code(tls_error e) noexcept;

/// The oldest error in this thread's queue of OpenSSL; `tls_error::truncated` if the queue is empty.
[[nodiscard]] boost::system::error_code last_openssl_error() noexcept;

/// Why a certificate was not accepted, as a number of OpenSSL (X509_V_ERR_...).
[[nodiscard]] boost::system::error_code make_certificate_error(long verify_result) noexcept;
/// Whether the error means that the certificate of the other side was not accepted.
[[nodiscard]] bool is_certificate_error(const boost::system::error_code& failure) noexcept;

} // namespace atrium::http

template <>
struct boost::system::is_error_code_enum<atrium::http::tls_error> : std::true_type {};
