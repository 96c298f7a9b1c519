#pragma once

#include <base/error.hpp>
#include <base/ids.hpp>
#include <graphql/arguments.hpp>
#include <graphql/schema_builder.hpp>
#include <host/slice.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Pages of rows in GraphQL, as the Relay cursor connections specification has them:
/// https://relay.dev/graphql/connections.htm. Rows stand in the ascending order of their ids; a cursor is that of REST.
namespace atrium::host {

/// The slice that `first`, `after`, `last` and `before` mean. Errors: invalid (each faulty argument by its name).
[[nodiscard]] result<slice> read_slice(const graphql::arguments& a);

/// What those arguments look like in a field's declaration.
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

[[nodiscard]] std::string cursor_of(std::int64_t id);

/// The connection of the rows that were read for `wanted.with_one_more()`, in the order of reading (`slice::from_end` turns it
/// around). Each has an `id`.
template <class Row>
[[nodiscard]] connection<Row> connect(const slice& wanted, std::vector<Row> rows) {
    const bool more = static_cast<std::int64_t>(rows.size()) > wanted.limit;
    if (more)
        rows.pop_back();
    connection<Row> made;
    made.edges.reserve(rows.size());
    for (auto& row : rows)
        made.edges.push_back({cursor_of(row.id.value), std::move(row)});
    if (wanted.from_end)
        std::reverse(made.edges.begin(), made.edges.end());

    const bool something_after = wanted.before != slice{}.before;
    const bool something_before = wanted.after != slice{}.after;
    made.page.has_next_page = wanted.from_end ? something_after : more;
    made.page.has_previous_page = wanted.from_end ? more : something_before;
    if (!made.edges.empty()) {
        made.page.start_cursor = made.edges.front().cursor;
        made.page.end_cursor = made.edges.back().cursor;
    }
    return made;
}

/// Declares `NameConnection` and `NameEdge` for the rows of the type `Name`.
template <class Row>
void add_connection(graphql::schema_builder& to, const std::string& name) {
    auto edges = to.object<edge<Row>>(name + "Edge", "A " + name + " in a page.");
    edges.field("cursor: String!", "Where it stands: for `after` and `before`.", &edge<Row>::cursor);
    edges.field("node: " + name + "!", &edge<Row>::node);
    auto pages = to.object<connection<Row>>(name + "Connection", "A page.");
    pages
        .field("edges: [" + name + "Edge!]!",
               [](const connection<Row>& c) {
                   return std::vector<std::reference_wrapper<const edge<Row>>>{c.edges.begin(), c.edges.end()};
               })
        .reads(&connection<Row>::edges);
    pages.field("pageInfo: PageInfo!", &connection<Row>::page);
}

/// What pages of all types share. Once in a schema.
void add_page_info(graphql::schema_builder& to);

} // namespace atrium::host
