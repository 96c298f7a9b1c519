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

TEST_CASE("the function ascending sorts ids and removes duplicates") {
    CHECK(ascending(std::vector<pear_id>{{3}, {1}, {3}, {2}, {1}}) == std::vector<pear_id>{{1}, {2}, {3}});
    CHECK(ascending(std::vector<pear_id>{}).empty());
}

TEST_CASE("index_in returns the index of an id among ascending ids") {
    const std::vector<pear_id> all{{2}, {5}, {9}};
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(index_in(std::span{all}, all[i]) == i);
}

TEST_CASE("find_present finds the existing rows with one call, by ascending id") {
    std::vector<pear_id> requested_ids;
    const auto find = [&](std::span<const pear_id> ids) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        requested_ids.assign(ids.begin(), ids.end());
        co_return std::vector<std::optional<std::string>>{"one", std::nullopt, "three"};
    };
    const auto found = support::run(find_present<std::string>(std::vector<pear_id>{{3}, {1}, {3}, {2}}, find));
    CHECK(requested_ids == std::vector<pear_id>{{1}, {2}, {3}});
    CHECK(found.value() == std::vector<std::string>{"one", "three"});
}

TEST_CASE("find_present does not call find_rows if there are no ids") {
    bool was_called = false;
    const auto find = [&](std::span<const pear_id>) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        was_called = true;
        co_return std::vector<std::optional<std::string>>{};
    };
    CHECK(support::run(find_present<std::string>(std::vector<pear_id>{}, find)).value().empty());
    CHECK_FALSE(was_called);
}

TEST_CASE("find_present returns the error of find_rows") {
    const auto find = [](std::span<const pear_id>) -> awaitable<result<std::vector<std::optional<std::string>>>> {
        co_return error{.code = errc::unavailable, .detail = "later"};
    };
    const auto found = support::run(find_present<std::string>(std::vector<pear_id>{{1}}, find));
    REQUIRE_FALSE(found);
    CHECK(found.error().detail == "later");
}

} // namespace atrium::resource
