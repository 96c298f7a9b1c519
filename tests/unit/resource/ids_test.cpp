#include <base/ids.hpp>
#include <resource/ids.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace atrium::resource {
namespace {

using pear_id = id<struct pear_tag>;

} // namespace

TEST_CASE("ids ascend, each once, in whatever order they came") {
    CHECK(ascending(std::vector<pear_id>{{3}, {1}, {3}, {2}, {1}}) == std::vector<pear_id>{{1}, {2}, {3}});
    CHECK(ascending(std::vector<pear_id>{}).empty());
}

TEST_CASE("an id is found among ids that ascend") {
    const std::vector<pear_id> all{{2}, {5}, {9}};
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(index_in(std::span{all}, all[i]) == i);
}

TEST_CASE("what is still there of some ids is found by one question, in the order of the ids") {
    std::vector<pear_id> asked;
    const auto find = [&](std::span<const pear_id> ids) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        asked.assign(ids.begin(), ids.end());
        co_return std::vector<std::optional<std::string>>{"one", std::nullopt, "three"};
    };
    const auto found = support::run(find_present<std::string>(std::vector<pear_id>{{3}, {1}, {3}, {2}}, find));
    CHECK(asked == std::vector<pear_id>{{1}, {2}, {3}});
    CHECK(found.value() == std::vector<std::string>{"one", "three"});
}

TEST_CASE("of no ids nothing is asked") {
    bool asked = false;
    const auto find = [&](std::span<const pear_id>) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        asked = true;
        co_return std::vector<std::optional<std::string>>{};
    };
    CHECK(support::run(find_present<std::string>(std::vector<pear_id>{}, find)).value().empty());
    CHECK_FALSE(asked);
}

TEST_CASE("where ids cannot be asked for, that is the answer") {
    const auto find = [](std::span<const pear_id>) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        co_return error{.code = errc::unavailable, .detail = "later"};
    };
    const auto found = support::run(find_present<std::string>(std::vector<pear_id>{{1}}, find));
    REQUIRE_FALSE(found);
    CHECK(found.error().detail == "later");
}

} // namespace atrium::resource
