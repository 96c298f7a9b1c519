#include "goods.hpp"

#include <support/catch.hpp>

#include <cstddef>
#include <set>

namespace atrium::demo {

TEST_CASE("a thousand users of the demonstration have different names") {
    std::set<std::string> names;
    for (std::size_t i = 0; i < 1'000; ++i)
        CHECK(names.insert(username(i)).second);
}

TEST_CASE("about one product in a hundred is fragile, and each of the three fragile products occurs") {
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
