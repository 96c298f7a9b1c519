#include <base/ids.hpp>
#include <host/ids.hpp>
#include <support/catch.hpp>

namespace atrium::host {
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

} // namespace atrium::host
