#include "verified_tokens.hpp"

#include <support/catch.hpp>

#include <string>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;

namespace {

constexpr timestamp now{1'795'348'800s};

std::shared_ptr<const access::principal> someone(std::optional<access::principal::time_point> expires = {}) {
    return std::make_shared<const access::principal>("jwt:alice", std::vector<std::string>{}, expires);
}

} // namespace

TEST_CASE("a verified token is remembered for five minutes, but not after it expires or the keys change") {
    verified_tokens verified;
    const auto token = digest_of("a");
    const auto principal = someone(now + 2min);
    CHECK_FALSE(verified.find(token, 1, now));
    verified.add(token, 1, principal, now);
    CHECK(verified.find(token, 1, now) == principal);
    CHECK_FALSE(verified.find(digest_of("b"), 1, now));
    CHECK_FALSE(verified.find(token, 1, now + 2min));
    CHECK(verified.size() == 0);
    verified.add(token, 1, principal, now);
    CHECK_FALSE(verified.find(token, 2, now));
    verified.add(token, 2, someone(), now);
    CHECK(verified.find(token, 2, now + 4min));
    CHECK_FALSE(verified.find(token, 2, now + 5min));
}

TEST_CASE("setting back the clock does not make a token valid for longer") {
    verified_tokens verified;
    verified.add(digest_of("a"), 1, someone(), now);
    CHECK_FALSE(verified.find(digest_of("a"), 1, now - 1s));
}

TEST_CASE("if the maximum number of tokens is remembered, the least recently used one is removed for a new one") {
    verified_tokens verified;
    for (std::size_t i = 0; i < verified_tokens::max_count; ++i)
        verified.add(digest_of(std::to_string(i)), 1, someone(), now);
    CHECK(verified.find(digest_of("0"), 1, now));
    verified.add(digest_of("new"), 1, someone(), now);
    CHECK(verified.size() == verified_tokens::max_count);
    CHECK(verified.find(digest_of("0"), 1, now));
    CHECK_FALSE(verified.find(digest_of("1"), 1, now));
}
