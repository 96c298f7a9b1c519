#include <support/certificate_authority.hpp>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace atrium::support {
namespace {

using key_pointer = std::shared_ptr<EVP_PKEY>;
using certificate_pointer = std::shared_ptr<X509>;

template <class T>
T require(T result) {
    if (!result)
        throw std::runtime_error{"OpenSSL cannot make a certificate"};
    return result;
}

key_pointer make_key() {
    return {require(EVP_EC_gen("P-256")), ::EVP_PKEY_free};
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    auto* extension = require(::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    ::X509_add_ext(&certificate, extension, -1);
    ::X509_EXTENSION_free(extension);
}

/// Makes a certificate that is not signed yet.
certificate_pointer make_certificate(const std::string& name, const EVP_PKEY& key, const certificate_options& o) {
    certificate_pointer certificate{require(::X509_new()), ::X509_free};
    static long last_serial = 1000;
    ::X509_set_version(certificate.get(), X509_VERSION_3);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), ++last_serial);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), std::chrono::seconds{o.valid_from}.count());
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), std::chrono::seconds{o.valid_until}.count());
    ::X509_set_pubkey(certificate.get(), const_cast<EVP_PKEY*>(&key));
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
    ::X509_set_issuer_name(&certificate, ::X509_get_subject_name(&issuer));
    require(::X509_sign(&certificate, &issuer_key, ::EVP_sha256()) > 0);
}

struct file_closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

template <class Write>
void write_file(const std::string& name, Write write) {
    const std::unique_ptr<std::FILE, file_closer> file{require(std::fopen(name.c_str(), "w"))};
    require(write(file.get()) == 1);
}

} // namespace

certificate_authority::certificate_authority()
    : key_{make_key()}, certificate_{make_certificate("authority of a test", *key_, {})} {
    add_extension(*certificate_, *certificate_, NID_basic_constraints, "critical,CA:TRUE");
    sign(*certificate_, *certificate_, *key_);
    write_file(file(), [&](std::FILE* f) { return ::PEM_write_X509(f, certificate_.get()); });
}

certificate_authority::~certificate_authority() = default;

pem_files certificate_authority::issue(const certificate_options& o) {
    const auto number = std::to_string(++count_);
    const pem_files files{(folder_ / ("certificate" + number + ".pem")).string(),
                          (folder_ / ("key" + number + ".pem")).string()};
    issue(files, o);
    return files;
}

void certificate_authority::issue(const pem_files& files, const certificate_options& o) {
    const auto key = make_key();
    const auto certificate = make_certificate("server of a test", *key, o);
    auto& issuer = o.is_self_signed ? *certificate : *certificate_;
    add_extension(*certificate, issuer, NID_subject_alt_name, o.names);
    sign(*certificate, issuer, o.is_self_signed ? *key : *key_);
    write_file(files.certificate, [&](std::FILE* f) { return ::PEM_write_X509(f, certificate.get()); });
    write_file(files.key,
               [&](std::FILE* f) { return ::PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

} // namespace atrium::support
