#include "fixture.hpp"

#include <storage/select_list.hpp>
#include <support/catch.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::storage {
namespace {

using namespace std::chrono_literals;

enum class colour { none, red, green };

template <class Text>
struct basic_thing {
    atrium::id<struct thing_tag> id;
    Text name;
    std::int64_t weight = 1;
    colour paint = colour::none;
    timestamp made;
    std::optional<timestamp> sold;
};
using thing = basic_thing<std::string>;
using thing_view = basic_thing<std::string_view>;

struct wanted {
    bool name = true;
    bool weight = true;
    bool paint = true;
    bool made = true;
    bool sold = true;
};

const auto things = select_list<thing_view, wanted>{}
                        .add<&thing_view::id>("7")
                        .add<&thing_view::name>("'bowl'", &wanted::name)
                        .add<&thing_view::weight>("250", &wanted::weight)
                        .add<&thing_view::paint>("2", &wanted::paint)
                        .add<&thing_view::made>("1000", &wanted::made)
                        .add<&thing_view::sold>("NULL", &wanted::sold);

/// What is read of the one row that the list gives by itself.
thing read(const wanted& w) {
    running_database db;
    const auto one = run_here(db.users.read([&](snapshot& s) -> result<thing> {
        auto rows = s.query(things.select(w));
        REQUIRE(rows.next());
        const auto t = things.read(rows, w);
        return thing{
            .id = t.id, .name = std::string{t.name}, .weight = t.weight, .paint = t.paint, .made = t.made, .sold = t.sold};
    }));
    return one.value();
}

TEST_CASE("a select list reads each column into its member") {
    CHECK(things.select() == "SELECT 7, 'bowl', 250, 2, 1000, NULL");
    const auto all = read({});
    CHECK(all.id.value == 7);
    CHECK(all.name == "bowl");
    CHECK(all.weight == 250);
    CHECK(all.paint == colour::green);
    CHECK(all.made == timestamp{1s});
    CHECK_FALSE(all.sold);
}

TEST_CASE("columns that are not wanted are neither selected nor read") {
    const wanted two{.name = false, .weight = false, .made = false};
    CHECK(things.select(two) == "SELECT 7, 2, NULL");
    const auto some = read(two);
    CHECK(some.id.value == 7);
    CHECK(some.name.empty());
    CHECK(some.weight == 1); // as a thing has it from the start
    CHECK(some.paint == colour::green);
    CHECK(some.made == timestamp{});
}

TEST_CASE("a time that may be missing is read where it is there") {
    const auto sold = select_list<thing_view, wanted>{}.add<&thing_view::sold>("2000");
    running_database db;
    const auto when = run_here(db.users.read([&](snapshot& s) -> result<std::optional<timestamp>> {
        auto rows = s.query(sold.select());
        REQUIRE(rows.next());
        return sold.read(rows).sold;
    }));
    CHECK(when.value() == timestamp{2s});
}

} // namespace
} // namespace atrium::storage
