#include <storage/store.hpp>

#include <openssl/evp.h>

#include <storage/sha256.hpp>

#include <array>
#include <cstddef>

namespace atrium::storage {

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw failure{"OpenSSL cannot compute SHA-256"};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) {
        hex.push_back(digits[digest[i] >> 4]);
        hex.push_back(digits[digest[i] & 15]);
    }
    return hex;
}

} // namespace atrium::storage
