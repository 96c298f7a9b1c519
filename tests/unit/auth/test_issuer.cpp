#include "test_issuer.hpp"

#include <base/text.hpp>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace atrium::auth {
namespace {

void require(bool succeeded) {
    if (!succeeded)
        throw std::runtime_error{"OpenSSL has failed"};
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

openssl::key make_key(const std::string& algorithm, unsigned rsa_bits) {
    auto* const key = algorithm == "ES256"   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                      : algorithm == "EdDSA" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                             : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits));
    require(key);
    return openssl::key{key};
}

/// Converts an ECDSA signature in DER to the form of a JSON Web Signature: its two numbers, 32 bytes each.
std::string to_raw(const std::string& der) {
    const auto* begin = bytes_of(der);
    const openssl::ecdsa_signature pair{d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()))};
    require(pair != nullptr);
    std::array<unsigned char, 64> raw{};
    require(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), 32) == 32);
    require(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + 32, 32) == 32);
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

} // namespace

test_key::test_key(std::string algorithm, std::string id, unsigned rsa_bits)
    : algorithm_{std::move(algorithm)}, id_{std::move(id)}, key_{make_key(algorithm_, rsa_bits)} {}

/// Returns the number that OpenSSL calls `name` in the public key, in base64url.
std::string test_key::number(const char* name) const {
    BIGNUM* found = nullptr;
    require(EVP_PKEY_get_bn_param(key_.get(), name, &found) == 1);
    const openssl::number value{found};
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value.get())), '\0');
    if (algorithm_ == "ES256")
        bytes.assign(32, '\0');
    require(BN_bn2binpad(value.get(), reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) >= 0);
    return to_base64url(bytes);
}

std::string test_key::jwk(std::string_view more) const {
    std::string json = R"({"kid":")" + id_ + R"(",)";
    if (!more.empty())
        json.append(more).append(",");
    if (algorithm_ == "ES256")
        return json + R"("kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X) + R"(","y":")" +
               number(OSSL_PKEY_PARAM_EC_PUB_Y) + R"("})";
    if (algorithm_ == "EdDSA") {
        std::array<unsigned char, 32> raw{};
        std::size_t size = raw.size();
        require(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
        return json + R"("kty":"OKP","crv":"Ed25519","x":")" + to_base64url({reinterpret_cast<const char*>(raw.data()), size}) +
               R"("})";
    }
    return json + R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" + number(OSSL_PKEY_PARAM_RSA_E) +
           R"("})";
}

std::string test_key::signature_of(const std::string& text) const {
    const openssl::digest_context context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* options = nullptr;
    const auto* const hash = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
    require(EVP_DigestSignInit(context.get(), &options, hash, nullptr, key_.get()) == 1);
    if (algorithm_ == "PS256") {
        require(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
        require(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    std::size_t size = 0;
    require(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1);
    std::string signature(size, '\0');
    require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(text),
                           text.size()) == 1);
    signature.resize(size);
    return algorithm_ == "ES256" ? to_raw(signature) : signature;
}

std::string test_key::sign_with(std::string_view header, std::string_view payload) const {
    const auto text = to_base64url(header) + "." + to_base64url(payload);
    return text + "." + to_base64url(signature_of(text));
}

std::string test_key::sign(std::string_view payload) const {
    return sign_with(R"({"typ":"JWT","alg":")" + algorithm_ + R"(","kid":")" + id_ + R"("})", payload);
}

} // namespace atrium::auth
