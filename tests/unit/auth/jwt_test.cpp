#include "jwt.hpp"
#include "rfc_vectors.hpp"
#include "test_issuer.hpp"

#include <base/text.hpp>
#include <support/catch.hpp>

#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;

namespace {

constexpr timestamp now{1'795'348'800s}; // 2026-11-22T12:00:00Z

const jwt::rules rules{.issuer = "https://issuer.example", .audience = "atrium"};

key_set keys_of(const std::string& json) {
    return key_set::parse(json).value();
}

std::string claims(std::string_view more = {}, std::string_view exp = "1795348900") {
    return R"({"iss":"https://issuer.example","aud":"atrium","sub":"alice","exp":)" + std::string{exp} + std::string{more} +
           "}";
}

/// One key for each algorithm. All tests share them, because creating keys takes some time.
struct issuer_keys_fixture {
    static const test_key& key(const std::string& algorithm) {
        static const test_key all[] = {{"RS256", "r"}, {"PS256", "p"}, {"ES256", "e"}, {"EdDSA", "d"}};
        return algorithm == "RS256" ? all[0] : algorithm == "PS256" ? all[1] : algorithm == "ES256" ? all[2] : all[3];
    }
    static const key_set& keys() {
        static const auto all =
            keys_of(set_of(key("RS256").jwk(R"("alg":"RS256")"), key("PS256").jwk(R"("alg":"PS256","use":"sig")"),
                           key("ES256").jwk(R"("key_ops":["verify"])"), key("EdDSA").jwk()));
        return all;
    }
    static recognition recognize(const std::string& token, timestamp when = now) {
        return jwt::recognize(token, keys(), rules, when);
    }
    /// The result for correctly signed claims.
    static recognition recognize_claims(const std::string& payload, timestamp when = now) {
        return recognize(key("ES256").sign(payload), when);
    }
    static refusal why_of_header(const std::string& header) {
        return recognize(key("ES256").sign_with(header, claims())).reason;
    }
};

constexpr const char* algorithms[] = {"RS256", "PS256", "ES256", "EdDSA"};

} // namespace

TEST_CASE_METHOD(issuer_keys_fixture, "a signed token with valid claims is accepted with each algorithm") {
    for (const auto* algorithm : algorithms) {
        CAPTURE(algorithm);
        const auto found = recognize(key(algorithm).sign(claims(R"(,"scope":"users:read openid orders:write")")));
        REQUIRE(found.principal);
        CHECK(found.principal->name() == "jwt:alice");
        CHECK(found.principal->scopes() == std::vector<std::string>{"orders:write", "users:read"});
        CHECK(found.principal->expires() == access::principal::time_point{1'795'348'960s});
    }
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token in which a single character was changed is refused") {
    for (const auto* algorithm : algorithms) {
        const auto token = key(algorithm).sign(claims());
        for (std::size_t i = 0; i < token.size(); i += 7) {
            auto changed = token;
            changed[i] = token[i] == 'A' ? 'B' : 'A';
            CAPTURE(algorithm, i);
            CHECK_FALSE(recognize(changed).principal);
        }
    }
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token that is cut off or has additional parts is refused") {
    const auto token = key("EdDSA").sign(claims());
    for (std::size_t size = 0; size < token.size(); ++size)
        CHECK_FALSE(recognize(token.substr(0, size)).principal);
    for (const auto& other :
         {token + ".", token + "A", token + "=", "." + token, token + " ", std::string{"..."}, std::string(9000, 'a')})
        CHECK_FALSE(recognize(other).principal);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token with an unknown algorithm, which includes none and HMAC, is refused") {
    const auto payload = to_base64url(claims());
    for (const auto* alg : {"none", "None", "HS256", "HS512", "RS384", "ES512", "es256", ""}) {
        const auto header = to_base64url(R"({"kid":"e","alg":")" + std::string{alg} + R"("})");
        CHECK(recognize(header + "." + payload + ".").reason == refusal::bad_algorithm);
        CHECK(recognize(header + "." + payload + ".AAAA").reason == refusal::bad_algorithm);
    }
    CHECK(why_of_header(R"({"kid":"e"})") == refusal::bad_algorithm);
    CHECK(why_of_header(R"({"kid":"e","alg":1})") == refusal::bad_algorithm);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token that names another algorithm than that of its key is refused") {
    const auto sign_with_algorithm = [&](const char* signer, const char* alg) {
        return key(signer).sign_with(R"({"kid":")" + key(signer).id() + R"(","alg":")" + alg + R"("})", claims());
    };
    CHECK(recognize(sign_with_algorithm("RS256", "PS256")).reason == refusal::bad_algorithm);
    CHECK(recognize(sign_with_algorithm("PS256", "RS256")).reason == refusal::bad_algorithm);
    CHECK(recognize(sign_with_algorithm("ES256", "EdDSA")).reason == refusal::bad_algorithm);
    CHECK(recognize(sign_with_algorithm("RS256", "ES256")).reason == refusal::bad_algorithm);
}

TEST_CASE_METHOD(issuer_keys_fixture,
                 "an RSA key that names no algorithm verifies only a signature with the padding that the token names") {
    const auto one = keys_of(set_of(key("RS256").jwk()));
    CHECK(jwt::recognize(key("RS256").sign(claims()), one, rules, now).principal);
    const auto wrong = key("RS256").sign_with(R"({"alg":"PS256","kid":"r"})", claims());
    CHECK(jwt::recognize(wrong, one, rules, now).reason == refusal::bad_signature);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token without kid is accepted only if exactly one key has its algorithm") {
    CHECK(recognize(key("ES256").sign_with(R"({"alg":"ES256"})", claims())).principal);
    const test_key other{"ES256", "other"};
    const auto two = keys_of(set_of(key("ES256").jwk(), other.jwk()));
    CHECK(jwt::recognize(other.sign_with(R"({"alg":"ES256"})", claims()), two, rules, now).reason == refusal::unknown_key);
    CHECK(jwt::recognize(other.sign(claims()), two, rules, now).principal);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token whose kid is not the id of one of the issuer's keys is refused") {
    CHECK(why_of_header(R"({"alg":"ES256","kid":"unknown"})") == refusal::unknown_key);
    CHECK(why_of_header(R"({"alg":"ES256","kid":"../../dev/null"})") == refusal::unknown_key);
    CHECK(why_of_header(R"({"alg":"ES256","kid":5})") == refusal::malformed);
    CHECK(jwt::recognize(key("ES256").sign(claims()), key_set{}, rules, now).reason == refusal::unknown_key);
}

TEST_CASE_METHOD(issuer_keys_fixture, "keys that a token contains or refers to are ignored") {
    const test_key foreign{"ES256", "e"};
    const auto header =
        R"({"alg":"ES256","kid":"e","jku":"http://127.0.0.1:1/","x5u":"http://127.0.0.1:1/","x5c":["AA=="],"jwk":)" +
        foreign.jwk() + "}";
    CHECK(recognize(foreign.sign_with(header, claims())).reason == refusal::bad_signature);
    CHECK(recognize(key("ES256").sign_with(header, claims())).principal);
}

TEST_CASE_METHOD(issuer_keys_fixture, "tokens with critical extensions or with an unsupported typ are refused") {
    CHECK(why_of_header(R"({"alg":"ES256","kid":"e","crit":["exp"]})") == refusal::malformed);
    CHECK(why_of_header(R"({"alg":"ES256","kid":"e","crit":[]})") == refusal::malformed);
    for (const auto* typ : {R"("dpop+jwt")", R"("logout+jwt")", R"("")", "5", "null"})
        CHECK(why_of_header(R"({"alg":"ES256","kid":"e","typ":)" + std::string{typ} + "}") == refusal::malformed);
    for (const auto* typ : {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"})
        CHECK(why_of_header(R"({"alg":"ES256","kid":"e","typ":")" + std::string{typ} + R"("})") == refusal::none);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token whose header or claims are not a JSON object is refused") {
    for (const auto* text : {"", "[]", "5", "null", "{", "{\"alg\":\"ES256\"", "\xff", "{}{}"}) {
        CHECK_FALSE(recognize(key("ES256").sign_with(text, claims())).principal);
        CHECK(recognize_claims(text).reason == refusal::malformed);
    }
    const auto deep = std::string(50, '[') + std::string(50, ']');
    CHECK(recognize_claims(claims(R"(,"x":)" + deep)).reason == refusal::malformed);
}

TEST_CASE_METHOD(issuer_keys_fixture, "the claim exp is required, and a token is accepted until a minute after it") {
    CHECK(recognize_claims(R"({"iss":"https://issuer.example","aud":"atrium","sub":"alice"})").reason == refusal::bad_claims);
    for (const auto* exp : {"null", "\"1795348900\"", "-1", "1e300", "[]", "true"})
        CHECK(recognize_claims(claims({}, exp)).reason == refusal::bad_claims);
    CHECK(recognize_claims(claims({}, "1795348900.5")).principal);
    CHECK(recognize_claims(claims({}, "1795348741")).principal);
    CHECK(recognize_claims(claims({}, "1795348740")).reason == refusal::expired);
    CHECK(recognize_claims(claims(), now + 200s).reason == refusal::expired);
    const auto far = recognize_claims(claims({}, "253402300799")); // the year 9999
    REQUIRE(far.principal);
    CHECK(far.principal->is_valid(now));
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token is refused if its nbf is more than a minute in the future") {
    CHECK(recognize_claims(claims(R"(,"nbf":1795348860)")).principal);
    CHECK(recognize_claims(claims(R"(,"nbf":1795348861)")).reason == refusal::bad_claims);
    CHECK(recognize_claims(claims(R"(,"nbf":"x")")).reason == refusal::bad_claims);
}

TEST_CASE_METHOD(issuer_keys_fixture, "a token is refused if its issuer, audience or subject is not valid") {
    const auto claims_of = [](std::string_view iss, std::string_view aud, std::string_view sub) {
        return R"({"exp":1795348900,"iss":)" + std::string{iss} + R"(,"aud":)" + std::string{aud} + R"(,"sub":)" +
               std::string{sub} + "}";
    };
    constexpr auto issuer = R"("https://issuer.example")";
    CHECK(recognize_claims(claims_of(issuer, R"(["other","atrium"])", R"("a")")).principal);
    for (const auto* iss : {R"("https://issuer.example/")", R"(["https://issuer.example"])", "null", "5"})
        CHECK(recognize_claims(claims_of(iss, R"("atrium")", R"("a")")).detail == "iss");
    for (const auto* aud : {R"("other")", R"(["other"])", "[]", "null", R"({"atrium":1})", R"([["atrium"]])"})
        CHECK(recognize_claims(claims_of(issuer, aud, R"("a")")).detail == "aud");
    for (const auto& sub : {std::string{R"("")"}, std::string{"null"}, std::string{"7"}, std::string{R"("a\u0000b")"},
                            "\"" + std::string(256, 'a') + "\""})
        CHECK(recognize_claims(claims_of(issuer, R"("atrium")", sub)).detail == "sub");
}

TEST_CASE_METHOD(issuer_keys_fixture,
                 "scopes are read from the claim scope or, if it is missing, from the claim scp, as text or as a list") {
    const auto scopes = [&](const std::string& more) {
        const auto found = recognize_claims(claims(more));
        REQUIRE(found.principal);
        return join_scopes(found.principal->scopes());
    };
    CHECK(scopes("").empty());
    CHECK(scopes(R"(,"scope":"users:read")") == "users:read");
    CHECK(scopes(R"(,"scope":["users:read","orders:read profile"])") == "orders:read users:read");
    CHECK(scopes(R"(,"scp":["users:read",5,null])") == "users:read");
    CHECK(scopes(R"(,"scp":"admin")") == "admin");
    CHECK(scopes(R"(,"scope":"users:read","scp":"admin")") == "users:read");
    CHECK(scopes(R"(,"scope":7)").empty());
}

TEST_CASE("the signatures of the examples in RFC 7515, 7520 and 8037 are verified") {
    struct example {
        std::string_view key;
        std::string_view token;
        algorithm name;
    };
    for (const auto& [key, token, name] : {example{vectors::rs256_key, vectors::rs256_token, algorithm::rs256},
                                           {vectors::es256_key, vectors::es256_token, algorithm::es256},
                                           {vectors::eddsa_key, vectors::eddsa_token, algorithm::eddsa},
                                           {vectors::cookbook_key, vectors::cookbook_token, algorithm::rs256}}) {
        const auto keys = keys_of(set_of(key));
        const std::string id = key == vectors::cookbook_key ? "bilbo.baggins@hobbiton.example" : "";
        const auto found = keys.find(id.empty() ? std::nullopt : std::optional{id}, name);
        REQUIRE(found.key);
        const auto end = token.rfind('.');
        const auto signature = from_base64url(token.substr(end + 1)).value();
        CHECK(verify(*found.key, name, token.substr(0, end), signature));
        CHECK_FALSE(verify(*found.key, name, token.substr(0, end - 1), signature));
        CHECK_FALSE(verify(*found.key, name, token.substr(0, end), signature.substr(1)));
    }
}

TEST_CASE("the examples of the RFCs are refused as tokens because of their payloads, not because of their signatures") {
    const jwt::rules joe{.issuer = "joe", .audience = "atrium"};
    const auto recognize_example = [&](std::string_view key, std::string_view token, timestamp when) {
        return jwt::recognize(token, keys_of(set_of(key)), joe, when);
    };
    CHECK(recognize_example(vectors::rs256_key, vectors::rs256_token, now).reason == refusal::expired);
    CHECK(recognize_example(vectors::es256_key, vectors::es256_token, timestamp{1'300'000'000s}).detail == "aud");
    CHECK(recognize_example(vectors::eddsa_key, vectors::eddsa_token, now).detail == "payload");
    CHECK(recognize_example(vectors::cookbook_key, vectors::cookbook_token, now).detail == "payload");
}
