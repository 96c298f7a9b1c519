#pragma once

#include <entity/description.hpp>
#include <entity/list.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace atrium::entity {

/// The SQL for an entity's table, derived from the description, and access to the rows that the SQL returns. Modules use
/// `repository` instead, which knows the entity's C++ type. Created once for each entity. Can be used on any thread.
class statements {
public:
    explicit statements(const description& d);

    /// "SELECT o.id, o.quantity": the columns of `fields`, in the order of the description.
    [[nodiscard]] std::string select(const field_set& fields) const;
    /// The index of a field's column in the rows of `select(fields)`.
    [[nodiscard]] int column_in(const field_set& fields, std::size_t field) const;
    /// " FROM orders_order AS o ..."
    [[nodiscard]] const std::string& from() const noexcept { return from_; }
    /// "id, user_id, ...": the columns of the entity's own table, for RETURNING.
    [[nodiscard]] const std::string& own_columns() const noexcept { return own_columns_; }
    [[nodiscard]] const field_set& own() const noexcept { return own_fields_; }

    /// Sets these fields of the entity from the row, whose columns are `select(fields)`.
    void read(const storage::cursor& row, const field_set& fields, void* target) const;

    /// Finds the row with this id, if there is one. Its columns are those of `select(fields)`.
    [[nodiscard]] storage::cursor find_row(storage::snapshot& s, std::int64_t id, const field_set& fields) const;

    /// Finds the rows with these ids with one statement, in the order of `ids`. Ids that no row has are left out.
    [[nodiscard]] storage::cursor find_rows(storage::snapshot& s, std::span<const std::int64_t> ids,
                                            const field_set& fields) const;

    /// Finds the row in which an indexed field has this value.
    [[nodiscard]] storage::cursor find_row_by_field(storage::snapshot& s, std::size_t field, std::string_view value,
                                                    const field_set& fields) const;

    /// Inserts a row with all own columns except the id. Returns the id.
    std::int64_t insert(storage::transaction& t, const void* entity) const;
    /// Writes the fields that clients may change, the revision and the time of the change.
    void update(storage::transaction& t, const void* entity) const;
    void remove(storage::transaction& t, std::int64_t id) const;

    /// A function that is called with each row. In `list`, `number` is the part of the search that has found the row (see
    /// `order_of_part`); in `list_each`, it is the index of the parent in `values`. Returns false if no further row is needed:
    /// for the list or, in `list_each`, for that parent.
    using row_visitor = std::function<bool(const storage::cursor& row, std::size_t number)>;

    /// Calls `visit` for at most `query.limit` rows of a list, from its end if `query.is_from_end`, until `visit` returns false
    /// or no row is left. `columns` must come from `columns_of`; the columns of a row are those of `select(columns)`. If too
    /// many rows had to be skipped (`list_query::max_skipped`), stops early and returns the position after which the list
    /// continues.
    std::optional<position> list(storage::snapshot& s, const list_query& query, const field_set& columns,
                                 const row_visitor& visit) const;

    /// Like `list`, but reads one list for each parent: `field` is a field of the entity's own table that contains a parent's
    /// id, and `values` are the ids of the parents, ascending. If an index has the rows of each parent in the order of the
    /// list, reads all lists with one statement, and runs one more statement for each filter with a lookup. Otherwise reads the
    /// lists one after the other; then `max_skipped` limits the rows that all of them skip together. The query must not have a
    /// search or ids.
    std::vector<std::optional<position>> list_each(storage::snapshot& s, std::size_t field,
                                                   std::span<const std::int64_t> values, const list_query& query,
                                                   const field_set& columns, const row_visitor& visit) const;

    /// `fields`, plus the fields that the position of a row needs.
    [[nodiscard]] field_set columns_of(const list_query& query, field_set fields) const;

    /// The position of a row in a list.
    [[nodiscard]] position position_of(const list_query& query, const field_set& columns, const storage::cursor& row,
                                       std::size_t part) const;

    [[nodiscard]] const entity::description& description() const noexcept { return description_; }

private:
    const entity::description& description_;
    field_set own_fields_;
    std::string from_;
    std::string visibility_condition_; ///< " AND u.deleted = 0", or nothing
    std::string own_columns_;
    std::string insert_sql_;
    std::string update_sql_;
    std::string remove_sql_;
    std::vector<std::size_t> inserted_fields_; ///< the fields whose values `insert_sql_` binds, in this order
    std::vector<std::size_t> updated_fields_;
};

} // namespace atrium::entity
