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

/// Converts the page that was read for a query. If reading stopped before the page was full, `endCursor` (`startCursor` if the
/// page was read from the end) is the position where reading stopped, so that the next page continues there. It is then not the
/// cursor of an edge.
template <class Row>
[[nodiscard]] connection<Row> make_connection(const entity::description& d, const entity::list_query& query,
                                              entity::page<Row> read) {
    connection<Row> page;
    page.edges.reserve(read.rows.size());
    for (std::size_t i = 0; i < read.rows.size(); ++i)
        page.edges.push_back({to_cursor(d, query, read.position_of(d, query, i)), std::move(read.rows[i])});
    if (query.is_from_end)
        std::reverse(page.edges.begin(), page.edges.end());
    page.page.has_next_page = query.is_from_end ? query.before.has_value() : read.has_more;
    page.page.has_previous_page = query.is_from_end ? read.has_more : query.after && query.after->id > 0;
    if (!page.edges.empty()) {
        page.page.start_cursor = page.edges.front().cursor;
        page.page.end_cursor = page.edges.back().cursor;
    }
    if (read.end)
        (query.is_from_end ? page.page.start_cursor : page.page.end_cursor) = to_cursor(d, query, *read.end);
    return page;
}

/// Declares `NameConnection` and `NameEdge` for the rows of the type `Name`.
template <class Row>
void add_connection(graphql::schema_builder& builder, const std::string& name) {
    auto edges = builder.object<edge<Row>>(name + "Edge", "A " + name + " in a page.");
    edges.field("cursor: String!", "The position of the row, for `after` and `before`.", &edge<Row>::cursor);
    edges.field("node: " + name + "!", &edge<Row>::node);
    auto pages = builder.object<connection<Row>>(name + "Connection", "A page.");
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
