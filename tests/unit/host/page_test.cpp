#include "pears.hpp"

#include <host/page.hpp>
#include <support/catch.hpp>

#include <optional>
#include <vector>

namespace atrium::host {
namespace {

using pears::pear;
using pears::pear_id;

/// Keeps the ids of a list; not those from before it began anew.
struct seen final : row_visitor<pear> {
    void restart() override { ids.clear(); }
    void visit(const pear& p) override { ids.push_back(p.id); }

    std::vector<pear_id> ids;
};

using ids = std::vector<pear_id>;

} // namespace

TEST_CASE("a page takes as many rows as it is long, and by one more knows that there is a next one") {
    seen rows;
    page<pear> out{2, rows};
    CHECK(out.take({.id = {1}, .name = "a"}));
    CHECK(out.take({.id = {4}, .name = "b"}));
    CHECK(out.next() == std::nullopt);
    CHECK_FALSE(out.take({.id = {7}, .name = "c"}));
    CHECK(out.next() == pear_id{4});
    CHECK(rows.ids == ids{{1}, {4}});
}

TEST_CASE("a page that begins makes void what came before") {
    seen rows;
    page<pear>{2, rows}.take({.id = {1}, .name = "a"});
    page<pear> again{2, rows};
    again.take({.id = {2}, .name = "b"});
    CHECK(rows.ids == ids{{2}});
}

TEST_CASE("a page is filled from a query") {
    pears::orchard here;
    for (const auto* name : {"a", "b", "c"})
        here.plant(name);
    const auto read = [&](std::int64_t limit, seen& rows) {
        return here.read([&](storage::snapshot& s) -> result<std::optional<pear_id>> {
            page<pear> out{limit, rows};
            out.take_all(s.query("SELECT id, name FROM pears_pear ORDER BY id LIMIT ?1", limit + 1), pears::pear_of);
            return out.next();
        });
    };
    seen rows;
    CHECK(read(2, rows) == pear_id{2});
    CHECK(rows.ids == ids{{1}, {2}});
    CHECK(read(3, rows) == std::nullopt);
    CHECK(rows.ids == ids{{1}, {2}, {3}});
}

} // namespace atrium::host
