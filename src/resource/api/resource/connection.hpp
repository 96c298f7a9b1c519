#pragma once

#include <entity/list.hpp>
#include <entity/repository.hpp>
#include <graphql/schema_builder.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Pages of rows in GraphQL, according to the Relay cursor connections specification:
/// https://relay.dev/graphql/connections.htm. Lists, orders and cursors are the same as in REST.
namespace atrium::resource {

/// The arguments that select a page, for the declaration of a field.
inline constexpr std::string_view slice_arguments = "first: Int, after: String, last: Int, before: String";

struct page_info {
    bool has_next_page = false;
    bool has_previous_page = false;
    std::optional<std::string> start_cursor;
    std::optional<std::string> end_cursor;
};

template <class Row>
struct edge {
    std::string cursor;
    Row node;
};

template <class Row>
struct connection {
    std::vector<edge<Row>> edges;
    page_info page;
};

/// Converts the page that was read for this query. If reading stopped before the page was full, `endCursor` (`startCursor` if
/// the page was read from the end) is the position where reading stopped, so that the next page continues there. It is then not
/// the cursor of an edge.
template <class Row>
[[nodiscard]] connection<Row> make_connection(const entity::description& d, const entity::list_query& query,
                                              entity::page<Row> page) {
    connection<Row> c;
    c.edges.reserve(page.rows.size());
    for (std::size_t i = 0; i < page.rows.size(); ++i)
        c.edges.push_back({to_cursor(d, query, page.position_of(d, query, i)), std::move(page.rows[i])});
    if (query.is_from_end)
        std::reverse(c.edges.begin(), c.edges.end());
    c.page.has_next_page = query.is_from_end ? query.before.has_value() : page.has_more;
    // No row has the id 0, so a position with this id is the start of the list.
    c.page.has_previous_page = query.is_from_end ? page.has_more : query.after && query.after->id > 0;
    if (!c.edges.empty()) {
        c.page.start_cursor = c.edges.front().cursor;
        c.page.end_cursor = c.edges.back().cursor;
    }
    if (page.end)
        (query.is_from_end ? c.page.start_cursor : c.page.end_cursor) = to_cursor(d, query, *page.end);
    return c;
}

/// Declares `NameConnection` and `NameEdge` for the rows of the type `Name`.
/// @param scope the scope that clients need in order to read the rows
template <class Row>
void add_connection(graphql::schema_builder& builder, const std::string& name, const std::string& scope) {
    auto edges = builder.object<edge<Row>>(name + "Edge", "A " + name + " in a page.").scope(scope);
    edges.field("cursor: String!", "The position of the row, for `after` and `before`.", &edge<Row>::cursor);
    edges.field("node: " + name + "!", &edge<Row>::node);
    auto pages = builder.object<connection<Row>>(name + "Connection", "A page.").scope(scope);
    pages
        .row("edges: [" + name + "Edge!]!",
             [](const connection<Row>& c) {
                 return std::vector<std::reference_wrapper<const edge<Row>>>{c.edges.begin(), c.edges.end()};
             })
        .reads(&connection<Row>::edges);
    pages.field("pageInfo: PageInfo!", &connection<Row>::page);
}

/// Declares `PageInfo`, which the pages of all types share. Call it once for a schema.
void add_page_info(graphql::schema_builder& builder);

} // namespace atrium::resource
