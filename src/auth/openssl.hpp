#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <memory>

/// Smart pointers that own objects of OpenSSL.
namespace atrium::auth::openssl {

template <auto Free>
struct freeing {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

using number = std::unique_ptr<BIGNUM, freeing<&BN_free>>;
using key = std::unique_ptr<EVP_PKEY, freeing<&EVP_PKEY_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freeing<&EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freeing<&EVP_MD_CTX_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freeing<&ECDSA_SIG_free>>;
using parameter_builder = std::unique_ptr<OSSL_PARAM_BLD, freeing<&OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, freeing<&OSSL_PARAM_free>>;

} // namespace atrium::auth::openssl
