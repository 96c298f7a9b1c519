#include "pears.hpp"

#include <host/prefix_range.hpp>
#include <support/catch.hpp>

#include <optional>
#include <string>

namespace atrium::host {
namespace {

/// The names of pears in the range of a prefix, in their order.
std::string names(pears::orchard& here, const std::optional<std::string>& prefix) {
    return here.read([&](storage::snapshot& s) -> result<std::string> {
        const prefix_range range{prefix};
        std::string all;
        for (auto rows = s.query("SELECT name FROM pears_pear WHERE ?1 IS NULL OR name BETWEEN ?1 AND ?2 ORDER BY id",
                                 range.first, range.last);
             rows.next();)
            all += std::string{rows.text(0)} + ' ';
        return all;
    });
}

} // namespace

TEST_CASE("a range of a prefix holds the texts that begin so, in any case, and no others") {
    pears::orchard here;
    for (const auto* name : {"an", "ann", "ANNA", "ann\xC3\xA9", "ano", "Ann%", "b"})
        here.plant(name);
    CHECK(names(here, "ann") == "ann ANNA ann\xC3\xA9 Ann% ");
    CHECK(names(here, "ann%") == "Ann% ");
    CHECK(names(here, "c").empty());
}

TEST_CASE("a range of a prefix holds even what goes on with nothing but the last code point") {
    pears::orchard here;
    std::string longest = "a";
    for (int i = 1; i < prefix_range::longest_text; ++i)
        longest += "\U0010FFFF";
    here.plant(longest);
    CHECK(names(here, "a") == longest + " ");
    CHECK(names(here, longest) == longest + " ");
}

TEST_CASE("no prefix and the empty prefix are of every text") {
    pears::orchard here;
    here.plant("ann");
    CHECK(names(here, std::nullopt) == "ann ");
    CHECK(names(here, "") == "ann ");
    CHECK_FALSE(prefix_range{""}.first);
    CHECK_FALSE(prefix_range{""}.last);
}

} // namespace atrium::host
