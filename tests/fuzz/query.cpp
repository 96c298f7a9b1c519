#include "require.hpp"

#include <base/text.hpp>
#include <entity/description.hpp>
#include <entity/list.hpp>
#include <http/query.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using namespace atrium;
using namespace atrium::entity;
using fuzz::require;

namespace {

using item_id = id<struct item_tag>;

struct item {
    item_id id = {};
    std::string title = {};
    std::optional<std::string> note = {};
    std::int64_t pages = 1;
    std::int64_t revision = 1;
    timestamp created_at = {};
    timestamp updated_at = {};
};

const auto items = describe<item>("Item", "An item.", table{.name = "items_item", .alias = "i"},
                                  search{"search", {"title", "note"}, "The beginning of the title or the note."},
                                  field{"id", &item::id, "i.id"}.as(role::identifier).sort(),
                                  field{"title", &item::title, "i.title"}.create(required, length(1, 20)).filter(prefix).sort(),
                                  field{"note", &item::note, "i.note"}.create(length(0, 5)),
                                  field{"pages", &item::pages, "i.pages"}.create(between(1, 9999)).filter(equal).sort(),
                                  field{"revision", &item::revision, "i.revision"}.as(role::revision),
                                  field{"created_at", &item::created_at, "i.created_at"}.as(role::created_at),
                                  field{"updated_at", &item::updated_at, "i.updated_at"}.as(role::updated_at));

const std::array queries{list_query{}, list_query{.sort = ordering{items.index_of("title")}},
                         list_query{.sort = ordering{items.index_of("pages"), true}}, list_query{.search = "e"}};

/// A cursor is either refused, or is the only cursor for the position that it contains.
void check_cursor(std::string_view text) {
    for (const auto& query : queries)
        if (const auto found = from_cursor(items, query, text)) {
            require(found->id >= 0, "an id is not negative");
            require(to_cursor(items, query, *found) == text, "a position has one cursor");
        }
}

/// Checks that the link to the next page can be the value of a header, and that it contains one path.
void check_link(const http::request& q) {
    const auto link = http::next_link(q, "/items/", "AQAAAAAAAAAB");
    require(std::ranges::all_of(link, [](char c) { return c >= ' ' && c <= '~'; }), "a link has only visible characters");
    require(link.starts_with("</items/?") && link.ends_with("after=AQAAAAAAAAAB>; rel=\"next\"") &&
                std::ranges::count(link, '>') == 1,
            "a link contains one path");
}

} // namespace

/// The input is a query string, and any value in it may be a cursor.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    http::request q;
    q.query = {reinterpret_cast<const char*>(data), size};
    check_link(q);
    check_cursor(q.query);
    auto values = http::read_query(q);
    (void)values.integer("limit", 1, 1000);
    (void)values.ids("ids", 100);
    (void)values.boolean("flag");
    (void)values.time("since");
    if (const auto after = values.text("after")) {
        require(is_utf8(*after), "a parameter is UTF-8");
        check_cursor(*after);
    }
    if (const auto read = values.finish(); !read)
        for (const auto& each : read.error().faults)
            require(is_utf8(each.pointer) && !each.detail.empty(), "an error names its parameter");
    return 0;
}
