#pragma once

#include <entity/description.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Lists of entities: narrowed by filters, in an order, read in pages from any position.
namespace atrium::entity {

/// A value that a filter compares with, or that a position stands at.
using list_value = std::variant<std::int64_t, std::string>;

/// A filter that the client gave: of the field with this place in the description, by its `filter_kind`.
struct condition {
    std::size_t field;
    list_value value;
};

/// By which field a list is sorted, and rows with the same value by their ids in the same direction.
struct ordering {
    std::size_t field;
    bool is_descending = false;

    bool operator==(const ordering&) const = default;
};

/// Where a row stands in a list.
struct position {
    std::int64_t id = 0;
    list_value value = std::int64_t{0}; ///< of the field by which the list is ordered; not used if that is the identifier
    std::size_t part = 0;               ///< of a search: which of its fields matched first
};

/// Which rows of which list.
struct list_query {
    static constexpr std::int64_t max_limit = 1000;
    /// Rows that the reading of a page looks at without showing them, because they fail a condition that no index answers. Then
    /// the page ends, and the next one goes on from there. Not below `max_limit`: rows that a search has shown by an earlier
    /// field are passed over in its later parts, so a first page is never cut short by them.
    static constexpr std::int64_t max_passed_over = 1000;
    /// Rows that a list sorts if no index has them in its order, but one finds them. If there are more, the list is read by the
    /// index of its order instead, and passes over the rows of others.
    static constexpr std::int64_t max_sorted = 1000;

    std::vector<condition> conditions = {};
    std::optional<std::string> search = {};            ///< the beginning of one of the search's fields
    std::optional<std::vector<std::int64_t>> ids = {}; ///< of these alone; ascending, each once
    std::optional<ordering> sort = {};                 ///< by ascending id if it is empty
    std::optional<position> after = {};
    std::optional<position> before = {};
    std::int64_t limit = 100;
    bool is_from_end = false; ///< the last rows rather than the first, read backwards
};

/// By which field one part of a list is ordered.
[[nodiscard]] ordering order_of_part(const description& d, const list_query& query, std::size_t part);

/// The order that a query's list has: that of its search or its prefix filter, else its `sort`, else by id. With several
/// prefix filters, the first one in the description leads.
[[nodiscard]] ordering order_of(const description& d, const list_query& query);

/// Where an entity stands in a list that has it. `part` is of a search, and 0 in every other list.
[[nodiscard]] position position_of(const description& d, const list_query& query, const void* entity, std::size_t part);

/// A position as clients keep it, for `after` and `before`: base64url of a version, the order and the position. It is valid
/// for lists of the same order only.
[[nodiscard]] std::string to_cursor(const description& d, const list_query& query, const position& at);

/// The cursor of a list by ascending id, behind that id.
[[nodiscard]] std::string to_cursor(std::int64_t id);

/// Empty if the text is not a cursor of a list in this order.
[[nodiscard]] std::optional<position> from_cursor(const description& d, const list_query& query, std::string_view text);

} // namespace atrium::entity
