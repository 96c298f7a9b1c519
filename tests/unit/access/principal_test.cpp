#include <access/principal.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace atrium::access {
namespace {

using scopes = std::vector<std::string>;

} // namespace

TEST_CASE("a scope is the word admin, or two lower-case words that a colon separates") {
    for (const auto* valid : {"admin", "users:read", "order_lines:write", "a2-b:c"})
        CHECK(is_scope(valid));
    for (const auto* invalid :
         {"", "users", "users:", ":read", "Users:read", "users:read:all", "users read", "2a:read", "admin "})
        CHECK_FALSE(is_scope(invalid));
}

TEST_CASE("scopes are read from a list separated by spaces, and words that are not scopes are left out") {
    CHECK(read_scopes("users:read  orders:write") == scopes{"users:read", "orders:write"});
    CHECK(read_scopes(" admin ") == scopes{"admin"});
    CHECK(read_scopes("").empty());
    CHECK(read_scopes("openid https://api.example.com/x profile users:read") == scopes{"users:read"});
}

TEST_CASE("a principal has the scopes with which it was created") {
    const principal reader{"token:ci", {"users:read", "orders:read", "users:read"}};
    CHECK(reader.scopes() == scopes{"orders:read", "users:read"});
    CHECK(reader.has("users:read"));
    CHECK_FALSE(reader.has("users:write"));
    CHECK_FALSE(reader.has("users"));
}

TEST_CASE("the scope admin includes all others, and no other scope includes another one") {
    const principal root{"token:root", {"admin"}};
    CHECK(root.has("anything:else"));
    CHECK(principal::anonymous()->has("users:write"));
    CHECK_FALSE(principal{"token:writer", {"users:write"}}.has("users:read"));
}

TEST_CASE("a principal must have a name") {
    CHECK_THROWS_AS((principal{"", {"admin"}}), std::invalid_argument);
}

TEST_CASE("a principal is valid until its credential expires or is revoked") {
    const auto now = std::chrono::system_clock::now();
    const auto valid = std::make_shared<validity>();
    const principal p{"token:ci", {}, now + 1s, valid};
    CHECK(p.is_valid(now));
    CHECK_FALSE(p.is_valid(now + 1s));
    valid->revoke();
    CHECK_FALSE(p.is_valid(now));
    CHECK(principal{"token:forever", {}}.is_valid(now + 24h));
}

} // namespace atrium::access
