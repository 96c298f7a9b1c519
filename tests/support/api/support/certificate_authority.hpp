#pragma once

#include <support/temporary_directory.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace atrium::support {

/// The paths of two PEM files.
struct pem_files {
    std::string certificate;
    std::string key;
};

/// The content of a certificate. Times are relative to now.
struct certificate_options {
    std::string names = "DNS:localhost,IP:127.0.0.1"; ///< in the form of OpenSSL's extension subjectAltName
    std::chrono::hours valid_from{-1};
    std::chrono::hours valid_until{24};
    bool is_self_signed = false;
};

/// Signs certificates for tests. Its files live as long as the object.
class certificate_authority {
public:
    certificate_authority();
    ~certificate_authority();
    certificate_authority(const certificate_authority&) = delete;
    certificate_authority& operator=(const certificate_authority&) = delete;

    /// The PEM file with the certificate of the authority itself.
    [[nodiscard]] std::string file() const { return (folder_ / "authority.pem").string(); }

    /// Writes a new certificate, with a new key, to new files.
    [[nodiscard]] pem_files issue(const certificate_options& o = {});
    /// Like the other `issue`, but overwrites existing files.
    void issue(const pem_files& files, const certificate_options& o = {});

private:
    temporary_directory folder_;
    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> certificate_;
    int count_ = 0;
};

} // namespace atrium::support
