#include "pears.hpp"

#include <host/slice_select.hpp>
#include <support/catch.hpp>

#include <string>

namespace atrium::host {
namespace {

struct columns {
    bool name = true;
    bool operator==(const columns&) const = default;
};

const auto of_pears =
    storage::select_list<pears::pear, columns>{}.add<&pears::pear::id>("id").add<&pears::pear::name>("name", &columns::name);

std::string in_slice(const std::string& direction) {
    return " FROM pears_pear WHERE id > ?1 AND id < ?2 AND substr(name, 1, 1) = ?4 ORDER BY id " + direction + " LIMIT ?3";
}

const slice_select beginning_with{of_pears, in_slice};

/// The pears of a slice that begin with "a", in the order of reading.
std::string read(pears::orchard& here, const slice& wanted, const columns& c = {}) {
    return here.read([&](storage::snapshot& s) -> result<std::string> {
        std::string all;
        for (auto rows = beginning_with.rows(s, wanted, c, "a"); rows.next();) {
            const auto pear = of_pears.read(rows, c);
            all += std::to_string(pear.id.value).append(pear.name) + ' ';
        }
        return all;
    });
}

} // namespace

TEST_CASE("a slice is read between its ends, from the one that is asked for, through a filter") {
    pears::orchard here;
    for (const auto* name : {"a1", "b2", "a3", "a4", "a5"})
        here.plant(name);
    CHECK(read(here, {}) == "1a1 3a3 4a4 5a5 ");
    CHECK(read(here, {.limit = 2}) == "1a1 3a3 ");
    CHECK(read(here, {.after = 1, .before = 5}) == "3a3 4a4 ");
    CHECK(read(here, {.limit = 2, .from_end = true}) == "5a5 4a4 ");
    CHECK(read(here, {.limit = 0}).empty());
}

TEST_CASE("a slice is read with the columns that are wanted") {
    pears::orchard here;
    here.plant("a1");
    here.plant("a2");
    CHECK(read(here, {}, {.name = false}) == "1 2 ");
    CHECK(read(here, {.from_end = true}, {.name = false}) == "2 1 ");
}

TEST_CASE("to read one more row than is shown changes nothing else of a slice") {
    const auto more = slice{.after = 3, .before = 9, .limit = 5, .from_end = true}.with_one_more();
    CHECK(more.limit == 6);
    CHECK(more.after == 3);
    CHECK(more.before == 9);
    CHECK(more.from_end);
}

} // namespace atrium::host
