#pragma once

#include <entity/description.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Lists of entities, with filters, an order, and pages that start at any position.
namespace atrium::entity {

/// The value of a filter or of a position.
using list_value = std::variant<std::int64_t, std::string>;

/// A filter of a client's request.
struct condition {
    std::size_t field; ///< index in the description; the field's `filter_kind` determines the comparison
    list_value value;
};

/// The field that a list is sorted by. Rows with the same value are sorted by their ids in the same direction.
struct ordering {
    std::size_t field;
    bool is_descending = false;

    bool operator==(const ordering&) const = default;
};

/// The position of a row in a list.
struct position {
    std::int64_t id = 0;
    list_value value = std::int64_t{0}; ///< value of the field that orders the list; not used if this field is the identifier
    std::size_t part = 0;               ///< in a search, the index of the first search field that matches
};

/// Selects a list and one page of that list.
struct list_query {
    static constexpr std::int64_t max_limit = 1000;
    /// Max number of rows that are read for a page without being shown because they fail a condition that the index does not
    /// cover. After that the page ends, and the next one continues there. Must not be less than `max_limit`: in a search, each
    /// part (see `order_of_part`) skips the rows that an earlier part has already put on the page. These can be up to
    /// `max_limit` rows, and skipping them must not end the page early.
    static constexpr std::int64_t max_skipped = 1000;
    /// Max number of rows that are sorted if an index finds the rows, but not in the order of the list. If that index finds
    /// more rows, an index in the order of the list is read instead, and its rows that do not match are skipped.
    static constexpr std::int64_t max_sorted = 1000;

    std::vector<condition> conditions = {};
    std::optional<std::string> search = {};            ///< a prefix of one of the search fields
    std::optional<std::vector<std::int64_t>> ids = {}; ///< show only rows with these ids, which must be ascending and distinct
    std::optional<ordering> sort = {};                 ///< if empty, by ascending id; see `order_of`
    std::optional<position> after = {};
    std::optional<position> before = {};
    std::int64_t limit = 100;
    bool is_from_end = false; ///< read the list backwards from its end, instead of forwards from its beginning
};

/// A search reads one field after the other, in the order of `search::fields`. The rows that it finds by one of these fields
/// are a part of the search. Returns the order of the rows within the part with the number `part`. A list without a search has
/// only part 0.
[[nodiscard]] ordering order_of_part(const description& d, const list_query& query, std::size_t part);

/// The order of a query's list. It is determined by the search, otherwise by a prefix filter, otherwise by `sort`. Without any
/// of these, the list is by ascending id. Among several prefix filters, the one whose field comes first in the description
/// determines the order. For a search, returns the order of its first part.
[[nodiscard]] ordering order_of(const description& d, const list_query& query);

/// The position of an entity in a list that contains it. `part` is the part of the search in which it was found; 0 if the
/// list has no search.
[[nodiscard]] position position_of(const description& d, const list_query& query, const void* entity, std::size_t part);

/// The cursor of a position, which clients send as `after` or `before`: base64url of a version, the order (unless the list is
/// by ascending id) and the position. The cursor is valid only for lists in the same order.
[[nodiscard]] std::string to_cursor(const description& d, const list_query& query, const position& position);

/// The cursor of the row with this id in a list by ascending id.
[[nodiscard]] std::string to_cursor(std::int64_t id);

/// Empty if the text is not a cursor of a list in this order.
[[nodiscard]] std::optional<position> from_cursor(const description& d, const list_query& query, std::string_view text);

} // namespace atrium::entity
