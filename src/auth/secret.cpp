#include <auth/secret.hpp>
#include <base/text.hpp>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace atrium::auth {
namespace {

/// The algorithm is fetched once, because OpenSSL 3 otherwise searches for it in each call.
const EVP_MD* sha256() {
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                         &EVP_MD_free};
    return fetched.get();
}

EVP_MD_CTX* thread_context() {
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    return context.get();
}

} // namespace

std::string make_secret() {
    std::array<unsigned char, 32> bits{};
    if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1)
        throw std::runtime_error{"OpenSSL has no random numbers"};
    return to_base64url({reinterpret_cast<const char*>(bits.data()), bits.size()});
}

digest digest_of(std::string_view credential) {
    digest d{};
    auto* const context = thread_context();
    if (!context || EVP_DigestInit_ex2(context, sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(context, credential.data(), credential.size()) != 1 ||
        EVP_DigestFinal_ex(context, d.data(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL cannot compute SHA-256"};
    return d;
}

std::string to_text(const digest& d) {
    return to_base64url({reinterpret_cast<const char*>(d.data()), d.size()});
}

std::optional<digest> parse_digest(std::string_view text) {
    const auto bytes = from_base64url(text);
    digest d{};
    if (!bytes || bytes->size() != d.size())
        return std::nullopt;
    std::ranges::copy(*bytes, d.begin());
    return d;
}

std::size_t digest_hash::operator()(const digest& d) const noexcept {
    std::size_t begin = 0;
    std::memcpy(&begin, d.data(), sizeof begin);
    return begin;
}

} // namespace atrium::auth
