#include "sockets/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace atrium::http {
namespace {

// What the callback of OpenSSL returns (SSL_CTX_set_tlsext_ticket_key_evp_cb).
constexpr int failed = -1;
constexpr int no_key = 0;
constexpr int has_key = 1;
constexpr int renew = 2; // the client gets a ticket with the current key

using owner = std::shared_ptr<ticket_keys>;

void forget(void* /*context*/, void* keys, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*unused*/, void* /*unused*/) {
    delete static_cast<owner*>(keys);
}

/// The index at which a context stores its keys among its additional data. A context exists as long as its connections, so the
/// keys exist as long as a connection may need them.
int index_in_context() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, forget);
    return index;
}

bool set_mac(EVP_MAC_CTX* mac, ticket_keys::key& k) {
    std::array<char, 7> digest{"SHA256"};
    const std::array parameters{OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, k.mac.data(), k.mac.size()),
                                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                OSSL_PARAM_construct_end()};
    return ::EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

int encrypt(ticket_keys& keys, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    auto k = keys.current();
    if (!k)
        return no_key;
    std::ranges::copy(k->name, name);
    const auto* const algorithm = ::EVP_aes_256_cbc();
    const bool is_set = ::RAND_bytes(iv, ::EVP_CIPHER_get_iv_length(algorithm)) == 1 &&
                        ::EVP_EncryptInit_ex2(cipher, algorithm, k->cipher.data(), iv, nullptr) == 1 && set_mac(mac, *k);
    return is_set ? has_key : failed;
}

int decrypt(ticket_keys& keys, const unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    auto k = keys.find(name);
    if (!k)
        return no_key;
    if (::EVP_DecryptInit_ex2(cipher, ::EVP_aes_256_cbc(), k->cipher.data(), iv, nullptr) != 1 || !set_mac(mac, *k))
        return failed;
    const auto newest = keys.current();
    return newest && newest->name == k->name ? has_key : renew;
}

int choose_key(SSL* session, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
               int is_encryption) {
    auto& keys = **static_cast<owner*>(::SSL_CTX_get_ex_data(::SSL_get_SSL_CTX(session), index_in_context()));
    return is_encryption != 0 ? encrypt(keys, name, iv, cipher, mac) : decrypt(keys, name, iv, cipher, mac);
}

} // namespace

ticket_keys::key::~key() {
    ::OPENSSL_cleanse(cipher.data(), cipher.size());
    ::OPENSSL_cleanse(mac.data(), mac.size());
}

std::optional<ticket_keys::key> ticket_keys::current() {
    const std::lock_guard lock{mutex_};
    rotate_locked();
    if (!newest_) {
        key fresh{};
        if (::RAND_bytes(fresh.name.data(), static_cast<int>(fresh.name.size())) != 1 ||
            ::RAND_priv_bytes(fresh.cipher.data(), static_cast<int>(fresh.cipher.size())) != 1 ||
            ::RAND_priv_bytes(fresh.mac.data(), static_cast<int>(fresh.mac.size())) != 1)
            return std::nullopt;
        fresh.created = now_();
        newest_ = fresh;
    }
    return newest_;
}

std::optional<ticket_keys::key> ticket_keys::find(const unsigned char* name) {
    const std::lock_guard lock{mutex_};
    rotate_locked();
    for (const auto* each : {&newest_, &previous_})
        if (*each && std::ranges::equal((*each)->name, std::span{name, (*each)->name.size()}))
            return *each;
    return std::nullopt;
}

void ticket_keys::rotate() {
    const std::lock_guard lock{mutex_};
    rotate_locked();
}

/// The caller must hold the mutex.
void ticket_keys::rotate_locked() {
    const auto now = now_();
    if (newest_ && now - newest_->created >= lifetime)
        previous_ = std::exchange(newest_, std::nullopt);
    if (previous_ && now - previous_->created >= 2 * lifetime)
        previous_.reset();
}

void use_ticket_keys(const tls_context& context, std::shared_ptr<ticket_keys> keys) {
    auto pointer = std::make_unique<owner>(std::move(keys));
    if (::SSL_CTX_set_ex_data(context.get(), index_in_context(), pointer.get()) != 1)
        throw std::bad_alloc{};
    (void)pointer.release(); // `forget` deletes it
    ::SSL_CTX_set_tlsext_ticket_key_evp_cb(context.get(), choose_key);
}

} // namespace atrium::http
