#include "key_set.hpp"
#include "rfc_vectors.hpp"
#include "test_issuer.hpp"

#include <support/catch.hpp>

#include <string>

using namespace atrium::auth;

namespace {

std::string fault_of(const std::string& json) {
    const auto parsed = key_set::parse(json);
    return parsed ? "" : parsed.error().detail;
}

const std::string good{vectors::eddsa_key};

/// The number of usable keys in a set that consists of `key` and a valid key.
std::size_t count_with(const std::string& key) {
    return key_set::parse(set_of(good, key)).value().size();
}

} // namespace

TEST_CASE("a key set is refused if it has no usable key, more than 100 keys or more than 256 KiB") {
    for (const auto* text : {"", "{}", "[]", R"({"keys":5})", R"({"keys":{}})", "{\"keys\":[", "\xff"})
        CHECK(fault_of(text) == R"(it is not a JSON Web Key Set, which is an object with an array "keys")");
    CHECK(fault_of(R"({"keys":[]})").starts_with("it has no public key"));
    CHECK(fault_of(R"({"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]})").starts_with("it has no public key"));
    CHECK(fault_of(std::string(300'000, ' ')) == "it is larger than 256 KiB");
    std::string many = good;
    for (int i = 0; i < 100; ++i)
        many += "," + good;
    CHECK(fault_of(set_of(many)) == "it has more than 100 keys");
}

TEST_CASE("keys whose type, use or algorithm is not supported are left out") {
    for (const auto* key :
         {R"({"kty":"oct","k":"AAAA"})", R"({"kty":"EC","crv":"P-521","x":"AA","y":"AA"})",
          R"({"kty":"OKP","crv":"X25519","x":"AA"})", R"({"kty":"OKP","crv":"Ed25519","x":"AA"})", "5", "null", "{}",
          R"({"kty":["RSA"]})",
          R"({"kty":"OKP","crv":"Ed25519","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
          R"({"kty":"OKP","crv":"Ed25519","key_ops":["sign"],"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
          R"({"kty":"OKP","crv":"Ed25519","alg":"HS256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
          R"({"kty":"OKP","crv":"Ed25519","alg":"RS256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
          R"({"kty":"OKP","crv":"Ed25519","kid":7,"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"}) {
        CAPTURE(key);
        CHECK(count_with(key) == 1);
    }
    CHECK(count_with(std::string{vectors::es256_key}) == 2);
    CHECK(key_set::parse(set_of(good, std::string{"5"})).value().left_out() == 1);
}

TEST_CASE("an EC key whose point is not on the curve is left out") {
    auto key = std::string{vectors::es256_key};
    key.replace(key.find("f83O"), 4, "f83P");
    CHECK(count_with(key) == 1);
}

TEST_CASE("an RSA key needs 2048 to 8192 bits and an odd exponent that is greater than 1 and has at most 64 bits") {
    CHECK(count_with(test_key{"RS256", "small", 1024}.jwk()) == 1);
    CHECK(count_with(test_key{"RS256", "enough", 2048}.jwk()) == 2);
    auto key = std::string{vectors::rs256_key};
    for (const auto* exponent : {"AQ", "Ag", "AA", "", "AQABAQABAQABAQAB"}) {
        auto other = key;
        other.replace(other.find("AQAB\"}"), 4, exponent);
        CHECK(count_with(other) == 1);
    }
    auto large = key;
    large.insert(large.find("ofgW"),
                 std::string(1400, 'A')); // the text is too long, although leading zeros do not change the number
    CHECK(count_with(large) == 1);
}
