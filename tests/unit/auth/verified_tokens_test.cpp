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

TEST_CASE("a verified token is remembered for a few minutes, until it expires, or until the keys change") {
    verified_tokens all;
    const auto token = digest_of("a");
    const auto who = someone(now + 2min);
    CHECK_FALSE(all.find(token, 1, now));
    all.add(token, 1, who, now);
    CHECK(all.find(token, 1, now) == who);
    CHECK_FALSE(all.find(digest_of("b"), 1, now));
    CHECK_FALSE(all.find(token, 1, now + 2min));
    CHECK(all.size() == 0);
    all.add(token, 1, who, now);
    CHECK_FALSE(all.find(token, 2, now));
    all.add(token, 2, someone(), now);
    CHECK(all.find(token, 2, now + 4min));
    CHECK_FALSE(all.find(token, 2, now + 5min));
}

TEST_CASE("setting back the clock does not make a token valid for longer") {
    verified_tokens all;
    all.add(digest_of("a"), 1, someone(), now);
    CHECK_FALSE(all.find(digest_of("a"), 1, now - 1s));
}

TEST_CASE("the least recently used token makes room for a new one") {
    verified_tokens all;
    for (std::size_t i = 0; i < verified_tokens::max_count; ++i)
        all.add(digest_of(std::to_string(i)), 1, someone(), now);
    CHECK(all.find(digest_of("0"), 1, now));
    all.add(digest_of("new"), 1, someone(), now);
    CHECK(all.size() == verified_tokens::max_count);
    CHECK(all.find(digest_of("0"), 1, now));
    CHECK_FALSE(all.find(digest_of("1"), 1, now));
}
