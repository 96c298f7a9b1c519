#include "key_set.hpp"

#include "openssl.hpp"

#include <base/malformed.hpp>
#include <base/text.hpp>

#include <boost/json/parse.hpp>

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <algorithm>
#include <utility>

namespace atrium::auth {
namespace {

namespace json = boost::json;
using std::string_view;

const unsigned char* bytes_of(string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// A member that is a string; empty if there is no such member.
std::optional<std::string> find_text(const json::object& jwk, string_view name) {
    const auto* found = jwk.if_contains(name);
    return found && found->is_string() ? std::optional{std::string{found->get_string()}} : std::nullopt;
}

/// The bytes of a member in base64url; empty if it has another form.
std::optional<std::string> find_bytes(const json::object& jwk, string_view name) {
    const auto text = find_text(jwk, name);
    return text ? from_base64url(*text) : std::nullopt;
}

openssl::key make_key(const char* type, OSSL_PARAM_BLD* builder) {
    const openssl::parameters parameters{OSSL_PARAM_BLD_to_param(builder)};
    const openssl::key_context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return openssl::key{key};
}

openssl::number to_number(string_view bytes) {
    return openssl::number{BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr)};
}

/// Returns null if a member is missing, if the modulus is even or its size is out of range, or if the exponent is 1, even, or
/// longer than 64 bits.
openssl::key make_rsa_key(const json::object& jwk) {
    constexpr std::size_t max_exponent = 8;
    const auto modulus = find_bytes(jwk, "n");
    const auto exponent = find_bytes(jwk, "e");
    if (!modulus || !exponent || modulus->size() > key_set::max_rsa_bits / 8 + 1 || exponent->size() > max_exponent)
        return nullptr;
    const auto n = to_number(*modulus);
    const auto e = to_number(*exponent);
    if (!n || !e || BN_num_bits(n.get()) < key_set::min_rsa_bits || BN_num_bits(n.get()) > key_set::max_rsa_bits ||
        !BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get()))
        return nullptr;
    const openssl::parameter_builder builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return make_key("RSA", builder.get());
}

/// Returns null if a member is missing or unsuitable, or if the point is not on the curve, which OpenSSL checks.
openssl::key make_p256_key(const json::object& jwk) {
    constexpr std::size_t size = 32;
    constexpr char uncompressed = 4;
    const auto x = find_bytes(jwk, "x");
    const auto y = find_bytes(jwk, "y");
    if (find_text(jwk, "crv") != "P-256" || !x || !y || x->size() != size || y->size() != size)
        return nullptr;
    const auto point = uncompressed + *x + *y;
    const openssl::parameter_builder builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return nullptr;
    return make_key("EC", builder.get());
}

openssl::key make_ed25519_key(const json::object& jwk) {
    constexpr std::size_t size = 32;
    const auto x = find_bytes(jwk, "x");
    if (find_text(jwk, "crv") != "Ed25519" || !x || x->size() != size)
        return nullptr;
    return openssl::key{EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(*x), x->size())};
}

struct key_type {
    std::string_view name; ///< `kty`
    std::vector<algorithm> algorithms;
    openssl::key (*make)(const json::object& jwk);
};

const key_type* find_type(const std::optional<std::string>& name) {
    static const key_type types[] = {{"RSA", {algorithm::rs256, algorithm::ps256}, make_rsa_key},
                                     {"EC", {algorithm::es256}, make_p256_key},
                                     {"OKP", {algorithm::eddsa}, make_ed25519_key}};
    const auto* const found = std::ranges::find_if(types, [&](const auto& each) { return name == each.name; });
    return found == std::end(types) ? nullptr : found;
}

/// Whether the key is for signatures (RFC 7517, sections 4.2 and 4.3).
bool is_for_signatures(const json::object& jwk) {
    if (const auto* use = jwk.if_contains("use"); use && *use != "sig")
        return false;
    const auto* operations = jwk.if_contains("key_ops");
    if (!operations)
        return true;
    return operations->is_array() &&
           std::ranges::any_of(operations->get_array(), [](const auto& each) { return each == "verify"; });
}

/// The algorithms of a key; none if its `alg` does not belong to the type of the key.
std::vector<algorithm> algorithms_of(const json::object& jwk, const key_type& type) {
    if (!jwk.contains("alg"))
        return type.algorithms;
    const auto name = find_text(jwk, "alg");
    const auto declared = name ? parse_algorithm(*name) : std::nullopt;
    if (!declared || std::ranges::find(type.algorithms, *declared) == type.algorithms.end())
        return {};
    return {*declared};
}

std::optional<public_key> read_key(const json::value& value) {
    const auto* const jwk = value.if_object();
    const auto* const type = jwk ? find_type(find_text(*jwk, "kty")) : nullptr;
    if (!type || !is_for_signatures(*jwk) || (jwk->contains("kid") && !find_text(*jwk, "kid")))
        return std::nullopt;
    auto algorithms = algorithms_of(*jwk, *type);
    if (algorithms.empty())
        return std::nullopt;
    auto key = type->make(*jwk);
    ERR_clear_error();
    if (!key)
        return std::nullopt;
    return public_key{find_text(*jwk, "kid").value_or(""), std::move(algorithms), std::shared_ptr<EVP_PKEY>{std::move(key)}};
}

/// Converts an ECDSA signature from two numbers (RFC 7518, section 3.4) to DER, which OpenSSL needs. Empty if the signature
/// does not consist of two numbers of 32 bytes.
std::string to_der(string_view signature) {
    constexpr std::size_t half = 32;
    const openssl::ecdsa_signature pair{ECDSA_SIG_new()};
    if (signature.size() != 2 * half || !pair)
        return {};
    auto r = to_number(signature.substr(0, half));
    auto s = to_number(signature.substr(half));
    if (!r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1)
        return {};
    (void)r.release(); // the pair owns them now
    (void)s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    std::string text;
    if (size > 0)
        text.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

/// Selects PSS with a salt as long as the hash, and SHA-256 also for the mask (RFC 7518, section 3.5).
bool use_pss(EVP_PKEY_CTX* context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

} // namespace

std::optional<algorithm> parse_algorithm(string_view name) noexcept {
    if (name == "RS256")
        return algorithm::rs256;
    if (name == "PS256")
        return algorithm::ps256;
    if (name == "ES256")
        return algorithm::es256;
    return name == "EdDSA" ? std::optional{algorithm::eddsa} : std::nullopt;
}

bool public_key::fits(algorithm a) const noexcept {
    return std::ranges::find(algorithms, a) != algorithms.end();
}

bool verify(const public_key& key, algorithm a, string_view text, string_view signature) {
    const auto der = a == algorithm::es256 ? to_der(signature) : std::string{};
    const auto checked = a == algorithm::es256 ? string_view{der} : signature;
    const openssl::digest_context context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* options = nullptr;
    const auto* const hash = a == algorithm::eddsa ? nullptr : EVP_sha256();
    const bool is_valid = !checked.empty() && context &&
                          EVP_DigestVerifyInit(context.get(), &options, hash, nullptr, key.handle.get()) == 1 &&
                          (a != algorithm::ps256 || use_pss(options)) &&
                          EVP_DigestVerify(context.get(), bytes_of(checked), checked.size(), bytes_of(text), text.size()) == 1;
    ERR_clear_error(); // a wrong signature leaves errors in the queue of this thread
    return is_valid;
}

result<key_set> key_set::parse(string_view text) {
    if (text.size() > max_bytes)
        return malformed("it is larger than 256 KiB");
    constexpr std::size_t max_depth = 8;
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code failure;
    const auto value = json::parse({text.data(), text.size()}, failure, {}, options);
    const auto* const object = failure ? nullptr : value.if_object();
    const auto* const keys = object ? object->if_contains("keys") : nullptr;
    if (!keys || !keys->is_array())
        return malformed("it is not a JSON Web Key Set, which is an object with an array \"keys\"");
    if (keys->get_array().size() > max_keys)
        return malformed("it has more than 100 keys");
    key_set set;
    for (const auto& each : keys->get_array()) {
        if (auto key = read_key(each))
            set.keys_.push_back(*std::move(key));
        else
            ++set.left_out_;
    }
    if (set.keys_.empty())
        return malformed("it has no public key for RS256, PS256, ES256 or EdDSA; keys of RSA need 2048 to 8192 bits");
    return set;
}

key_set::finding key_set::find(const std::optional<std::string>& id, algorithm a) const noexcept {
    finding match;
    std::size_t count = 0;
    for (const auto& each : keys_) {
        if (id && each.id != *id)
            continue;
        match.is_id_known = id.has_value();
        if (each.fits(a)) {
            match.key = &each;
            ++count;
        }
    }
    if (count != 1)
        match.key = nullptr;
    return match;
}

} // namespace atrium::auth
