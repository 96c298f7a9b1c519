#include "jwt.hpp"

#include "require.hpp"
#include "test_issuer.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace atrium;
using namespace atrium::auth;
using fuzz::require;

namespace {

constexpr timestamp now{std::chrono::seconds{1'795'348'800}};

const jwt::rules required{.issuer = "i", .audience = "a"};

const test_key& key() {
    static const test_key one{"EdDSA", "k"};
    return one;
}

const key_set& keys() {
    static const auto all = key_set::parse(set_of(key().jwk())).value();
    return all;
}

void check(const recognition& found) {
    require((found.principal != nullptr) == (found.reason == refusal::none), "a token is accepted, or there is a reason");
    if (!found.principal)
        return;
    require(found.principal->name().starts_with("jwt:") && found.principal->name().size() > 4,
            "a principal has the name of its subject");
    require(found.principal->is_valid(now), "an accepted token has not expired");
}

} // namespace

/// The input is never accepted as a token, because it is not signed. A signed token that has the input as its payload or its
/// header is accepted only if it is valid.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto unsigned_token = jwt::recognize(text, keys(), required, now);
    require(!unsigned_token.principal, "a text that was not signed is not a token");
    check(jwt::recognize(key().sign(text), keys(), required, now));
    check(jwt::recognize(key().sign_with(text, R"({"iss":"i","aud":"a","sub":"s","exp":1795348900})"), keys(), required, now));
    return 0;
}
