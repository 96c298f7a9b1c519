#pragma once

#include <base/ids.hpp>
#include <entity/json.hpp>
#include <entity/statements.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::entity {

/// A page of a list as REST shows it. It may have fewer rows than requested, or none, even if there is a next page.
struct json_page {
    std::string array;                 ///< a JSON array
    std::optional<position> next = {}; ///< the position after which the next page begins; empty if there is none
};

/// A page of a list.
template <class Entity>
struct page {
    std::vector<Entity> rows = {}; ///< in the order of reading; each has the requested fields and those that its position needs
    std::vector<std::size_t> parts = {}; ///< in a search, the part in which each row was found
    bool has_more = false; ///< there are more rows after the last one that was read, or reading stopped early (see `end`)
    std::optional<position> end =
        {}; ///< set if reading stopped before the page was full: the position after which the next page begins

    /// The position of `rows[row]` in the list.
    [[nodiscard]] position position_of(const description& d, const list_query& query, std::size_t row) const {
        return entity::position_of(d, query, &rows[row], parts.empty() ? 0 : parts[row]);
    }
};

/// Reads a page of a list as REST shows it, without creating entities.
[[nodiscard]] json_page list_json(const statements& sql, const json_form& form, storage::snapshot& s, const list_query& query);

/// Access to the rows of an entity's table: finds and lists rows, and inserts, updates or deletes one row. Modules write all
/// other queries by hand.
///
/// Its functions run inside `store.read` and `store.write`, and throw the exceptions of the database. Functions with a
/// parameter `fields` read these fields and those that they need for their own work; all other fields keep their default
/// values. Created once for each entity. Can be used on any thread.
template <class Entity>
class repository {
public:
    /// Throws std::logic_error if the description is not valid.
    explicit repository(const described<Entity>& d) : description_{(d.require_valid(), d)}, sql_{d}, json_{d} {}

    [[nodiscard]] std::optional<Entity> find_by_id(storage::snapshot& s, std::int64_t id) const {
        return find_by_id(s, id, sql_.description().all());
    }
    [[nodiscard]] std::optional<Entity> find_by_id(storage::snapshot& s, std::int64_t id, const field_set& fields) const {
        return read_first(sql_.find_row(s, id, fields), fields);
    }

    /// `field` must be a field whose values are unique.
    [[nodiscard]] std::optional<Entity> find_by_field(storage::snapshot& s, std::size_t field, std::string_view value,
                                                      const field_set& fields) const {
        return read_first(sql_.find_row_by_field(s, field, value, fields), fields);
    }

    /// One result for each id, empty if no row has this id. `ids` must be ascending and without duplicates. Runs one statement.
    template <class Tag>
    [[nodiscard]] std::vector<std::optional<Entity>> find_all(storage::snapshot& s, std::span<const id<Tag>> ids,
                                                              field_set fields) const {
        std::vector<std::int64_t> numbers;
        numbers.reserve(ids.size());
        for (const auto id : ids)
            numbers.push_back(id.value);
        fields.set(sql_.description().identifier_index());
        std::vector<std::optional<Entity>> found(ids.size());
        std::size_t index = 0;
        const auto id_column = sql_.column_in(fields, sql_.description().identifier_index());
        for (auto rows = sql_.find_rows(s, numbers, fields); rows.next(); ++index) {
            while (numbers[index] < rows.integer(id_column)) // skips ids that no row has; both lists are ascending
                ++index;
            sql_.read(rows, fields, &found[index].emplace());
        }
        return found;
    }

    [[nodiscard]] page<Entity> list(storage::snapshot& s, const list_query& query, const field_set& fields) const {
        const auto columns = sql_.columns_of(query, fields);
        auto larger_query = query;
        ++larger_query.limit; // one extra row shows whether there are more rows than the page
        page<Entity> found;
        found.rows.reserve(static_cast<std::size_t>(std::min(query.limit, max_reserved_rows)));
        found.end = sql_.list(s, larger_query, columns, [&](const storage::cursor& row, std::size_t part) {
            found.has_more = static_cast<std::int64_t>(found.rows.size()) == query.limit;
            if (found.has_more)
                return false;
            sql_.read(row, columns, &found.rows.emplace_back());
            if (query.search)
                found.parts.push_back(part);
            return true;
        });
        found.has_more = found.has_more || found.end;
        return found;
    }

    /// Reads a page of one list for each parent: the rows whose `field` is the parent's id. `parents` may be in any order and
    /// contain duplicates; the result has one page for each of them, in the same order.
    template <class Tag>
    [[nodiscard]] std::vector<page<Entity>> list_each(storage::snapshot& s, std::size_t field, std::span<const id<Tag>> parents,
                                                      const list_query& query, const field_set& fields) const {
        std::vector<std::int64_t> values;
        for (const auto parent : parents)
            values.push_back(parent.value);
        std::ranges::sort(values);
        values.erase(std::unique(values.begin(), values.end()), values.end());

        const auto columns = sql_.columns_of(query, fields);
        auto larger_query = query;
        ++larger_query.limit; // one extra row shows whether there are more rows than the page
        std::vector<page<Entity>> pages(values.size());
        auto ends = sql_.list_each(s, field, values, larger_query, columns, [&](const storage::cursor& row, std::size_t i) {
            auto& page = pages[i];
            page.has_more = static_cast<std::int64_t>(page.rows.size()) == query.limit;
            if (!page.has_more)
                page.rows.push_back(read(row, columns));
            return !page.has_more;
        });
        for (std::size_t i = 0; i < pages.size(); ++i) {
            pages[i].has_more = pages[i].has_more || ends[i];
            pages[i].end = std::move(ends[i]);
        }

        std::vector<page<Entity>> found;
        found.reserve(parents.size());
        for (const auto parent : parents)
            found.push_back(pages[static_cast<std::size_t>(std::ranges::lower_bound(values, parent.value) - values.begin())]);
        return found;
    }

    [[nodiscard]] json_page list_json(storage::snapshot& s, const list_query& query) const {
        return entity::list_json(sql_, json_, s, query);
    }

    /// Inserts a row and sets the entity's id.
    void insert(storage::transaction& t, Entity& entity) const {
        sql_.description().identifier().type->set_number(sql_.description().identifier().value_in(&entity),
                                                         sql_.insert(t, &entity));
    }
    void update(storage::transaction& t, const Entity& entity) const { sql_.update(t, &entity); }
    void remove(storage::transaction& t, std::int64_t id) const { sql_.remove(t, id); }

    /// The entity of a row whose columns are those of `sql().select(fields)`.
    [[nodiscard]] Entity read(const storage::cursor& row, const field_set& fields) const {
        Entity entity{};
        sql_.read(row, fields, &entity);
        return entity;
    }

    [[nodiscard]] const described<Entity>& description() const noexcept { return description_; }
    [[nodiscard]] const statements& sql() const noexcept { return sql_; }
    [[nodiscard]] const json_form& json() const noexcept { return json_; }

private:
    [[nodiscard]] std::optional<Entity> read_first(storage::cursor row, const field_set& fields) const {
        return row.next() ? std::optional{read(row, fields)} : std::nullopt;
    }

    static constexpr std::int64_t max_reserved_rows = 100; ///< max number of rows to reserve memory for in advance

    const described<Entity>& description_;
    statements sql_;
    json_form json_;
};

} // namespace atrium::entity
