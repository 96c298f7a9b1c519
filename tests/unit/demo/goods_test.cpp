#include "goods.hpp"

#include <support/catch.hpp>

#include <cstddef>
#include <set>

namespace atrium::demo {

TEST_CASE("no two users have the same name, however many there are") {
    std::set<std::string> names;
    for (std::size_t i = 0; i < 1'000; ++i)
        CHECK(names.insert(username(i)).second);
}

TEST_CASE("about one order in a hundred is of something fragile") {
    int fragile = 0;
    std::set<std::string_view> kinds;
    for (std::size_t i = 0; i < 2'000; ++i)
        if (is_fragile(product(i))) {
            ++fragile;
            kinds.insert(product(i));
        }
    CHECK(fragile >= 10);
    CHECK(fragile <= 50);
    CHECK(kinds.size() == 3);
}

} // namespace atrium::demo
