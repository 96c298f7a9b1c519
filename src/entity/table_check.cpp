#include "sql_text.hpp"

#include <entity/statements.hpp>
#include <entity/table_check.hpp>
#include <storage/store.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace atrium::entity {
namespace {

using storage::table_column;
using storage::table_index;

std::string_view sql_type_of(const field_info& field) {
    return field.type->is_text() ? "TEXT" : "INTEGER";
}

/// Compares one description with its table. Messages show columns without the alias of the table.
class table_check {
public:
    table_check(const description& d, const storage::catalog& database)
        : description_{d}, database_{database}, table_name_{d.table().name} {}

    [[nodiscard]] std::vector<std::string> run() {
        auto found = database_.find_table(table_name_);
        if (!found) {
            misfits_.push_back("the description of " + std::string{description_.name()} + ": there is no table " + table_name_ +
                               "; add it by a migration");
            return std::move(misfits_);
        }
        table_ = *std::move(found);
        for (const auto& field : description_.fields())
            if (description_.is_own(field))
                check_field(field);
        // If a field names a missing column, a column without a field is probably the one that the field should name, so it is
        // not reported in addition.
        if (!lacks_column_)
            for (const auto& column : table_.columns)
                check_is_filled(column);
        if (misfits_.empty())
            for (const auto& index : description_.indexes())
                check_index(index);
        if (misfits_.empty())
            check_queries();
        return std::move(misfits_);
    }

private:
    void add(const field_info& field, const std::string& problem) {
        misfits_.push_back("the description of " + std::string{description_.name()} + ", field \"" + std::string{field.name} +
                           "\": " + problem);
    }

    [[nodiscard]] const table_column* find_column(std::string_view name) const {
        const auto found = std::ranges::find(table_.columns, name, &table_column::name);
        return found == table_.columns.end() ? nullptr : &*found;
    }

    void check_field(const field_info& field) {
        const auto* column = find_column(unqualified(field.column));
        lacks_column_ = lacks_column_ || !column;
        if (!column)
            return add(field, "the table " + table_name_ + " has no column " + std::string{unqualified(field.column)} +
                                  "; add it by a migration, or correct its name");
        const auto begin = "the column " + column->name + " of " + table_name_ + " ";
        for (const auto& misfit : {misfit_of_values(field, *column), misfit_of_collation(field, *column),
                                   field.is_unique ? misfit_of_uniqueness(*column) : std::string{},
                                   sets_order(field)             ? misfit_of_indexes(*column, true)
                                   : is_filtered_by_value(field) ? misfit_of_indexes(*column, false)
                                                                 : std::string{}})
            if (!misfit.empty())
                return add(field, begin + misfit); // further misfits may be consequences of this one
    }

    [[nodiscard]] bool is_searched(const field_info& field) const {
        return description_.search() &&
               std::ranges::find(description_.search()->fields, field.name) != description_.search()->fields.end();
    }
    /// Whether lists can be ordered by this field.
    [[nodiscard]] bool sets_order(const field_info& field) const {
        return field.is_sortable || field.filter == filter_kind::prefix || is_searched(field);
    }
    /// Whether a filter finds rows by a value of the field's own column.
    [[nodiscard]] static bool is_filtered_by_value(const field_info& field) {
        return field.filter == filter_kind::equal && !field.lookup;
    }

    /// The functions `misfit_of_...` and `reason_against` return the rest of a sentence about the column, or an empty string if
    /// the column fits.
    [[nodiscard]] static std::string misfit_of_values(const field_info& field, const table_column& column) {
        if (const auto type = sql_type_of(field); column.type != type)
            return "is " + column.type + ", but the member needs " + std::string{type} + "; change one of them";
        if (field.role == role::identifier && !column.is_row_id)
            return "is not the id of the rows; declare it INTEGER PRIMARY KEY";
        if (column.is_nullable && !field.type->is_optional)
            return "may be null, but the member is not std::optional; declare the column NOT NULL or the member std::optional";
        if (!column.is_nullable && field.type->is_optional)
            return "may not be null, but the member is std::optional; declare the column without NOT NULL, or the member "
                   "without std::optional";
        return {};
    }

    [[nodiscard]] std::string misfit_of_collation(const field_info& field, const table_column& column) const {
        const bool ignores_case = field.ignores_case || field.filter == filter_kind::prefix || is_searched(field);
        return ignores_case && column.collation != "NOCASE" ? "is compared without regard to case, but has the collation " +
                                                                  column.collation + "; declare it COLLATE NOCASE"
                                                            : std::string{};
    }

    /// `is_order`: whether lists are ordered by the column, so that the index must be ordered by the column and then the id.
    [[nodiscard]] std::string misfit_of_indexes(const table_column& column, bool is_order) const {
        if (column.is_row_id)
            return {};
        std::string misfit = "has no index, but lists are filtered or sorted by it; add the index by a migration";
        for (const auto& index : table_.indexes) {
            if (index.columns.front().name != column.name)
                continue;
            auto reason = reason_against(index, column, is_order);
            if (reason.empty())
                return {};
            misfit = "has no index that lists can be filtered or sorted by: " + index.name + " " + reason +
                     "; add one by a migration";
        }
        return misfit;
    }

    [[nodiscard]] std::string reason_against(const table_index& index, const table_column& column, bool is_order) const {
        const auto& first = index.columns.front();
        if (index.is_partial)
            return "has a WHERE";
        if (first.collation != column.collation)
            return "has the collation " + first.collation + " instead of " + column.collation;
        if (!is_order)
            return {};
        if (first.is_descending)
            return "is descending";
        return continues_with_id(index, 1) ? "" : "does not continue with the id";
    }

    /// Whether rows with equal values in the first `count` columns are ordered by their ids.
    [[nodiscard]] bool continues_with_id(const table_index& index, std::size_t count) const {
        return index.columns.size() == count || (!index.columns[count].is_descending &&
                                                 index.columns[count].name == unqualified(description_.identifier().column));
    }

    [[nodiscard]] std::string misfit_of_uniqueness(const table_column& column) const {
        const bool is_unique = std::ranges::any_of(table_.indexes, [&](const table_index& index) {
            return index.is_unique && !index.is_partial && index.columns.size() == 1 &&
                   is_column(index.columns.front(), column.name);
        });
        return is_unique || column.is_row_id
                   ? ""
                   : "has no unique index, but the field is unique; declare the column UNIQUE by a migration, or leave out "
                     ".unique()";
    }

    /// Whether a column of an index is this column of the table, in the collation and direction that lists need.
    [[nodiscard]] bool is_column(const storage::index_column& indexed, std::string_view name) const {
        const auto* column = find_column(name);
        return indexed.name == name && column && indexed.collation == column->collation && !indexed.is_descending;
    }

    /// Checks that the table has a multi-column index that the description lists.
    void check_index(const list_index& expected) {
        const auto has_all = [&](const table_index& index) {
            if (index.is_partial || index.columns.size() < expected.columns.size())
                return false;
            for (std::size_t i = 0; i < expected.columns.size(); ++i)
                if (!is_column(index.columns[i], unqualified(expected.columns[i])))
                    return false;
            return continues_with_id(index, expected.key.size());
        };
        if (std::ranges::any_of(table_.indexes, has_all))
            return;
        std::string columns;
        for (const auto column : expected.columns)
            columns.append(columns.empty() ? "" : ", ").append(unqualified(column));
        misfits_.push_back("the description of " + std::string{description_.name()} + " names an index that " + table_name_ +
                           " does not have; add an index on (" + columns +
                           ") by a migration, or correct the indexes of the description");
    }

    void check_is_filled(const table_column& column) {
        const bool is_field = std::ranges::any_of(description_.fields(), [&](const field_info& field) {
            return description_.is_own(field) && unqualified(field.column) == column.name;
        });
        if (!is_field && !column.is_nullable && !column.has_default)
            misfits_.push_back("the description of " + std::string{description_.name()} + " has no field for the column " +
                               column.name + " of " + table_name_ +
                               ", which is NOT NULL without a default; describe it, or give it a default");
    }

    /// Checks the SQL of the description. Call it only if the entity's own table fits.
    void check_queries() {
        for (const auto& field : description_.fields())
            if (field.lookup)
                check_lookup(field);
        const statements sql{description_};
        const auto error = error_of_query(sql.select(description_.all()) + sql.from() + " WHERE " +
                                          std::string{description_.identifier().column} + " = ?1");
        if (!error.empty())
            misfits_.push_back("the description of " + std::string{description_.name()} + ": the join of " + table_name_ + " " +
                               error);
    }

    void check_lookup(const field_info& field) {
        const auto* column = find_column(unqualified(field.lookup->column));
        if (!column)
            return add(field, "the table " + table_name_ + " has no column " + std::string{unqualified(field.lookup->column)} +
                                  ", which its lookup names; correct the name");
        if (const auto misfit = misfit_of_indexes(*column, false); !misfit.empty())
            return add(field, "the column " + column->name + " of " + table_name_ + " " + misfit);
        if (const auto error = error_of_query(field.lookup->query); !error.empty())
            add(field, "its lookup \"" + std::string{field.lookup->query} + "\" " + error);
    }

    /// Returns the rest of a sentence about a query, or an empty string if the query can be used.
    [[nodiscard]] std::string error_of_query(std::string_view query) const {
        try {
            const auto tables = database_.tables_without_index(query);
            return tables.empty() ? "" : "reads every row of " + tables.front() + "; add an index by a migration";
        } catch (const storage::failure& e) {
            return std::string{"cannot be run ("} + e.what() + "); correct it";
        }
    }

    const description& description_;
    const storage::catalog& database_;
    const std::string table_name_;
    storage::table_layout table_;
    bool lacks_column_ = false; ///< a field has a column that the table does not have
    std::vector<std::string> misfits_;
};

} // namespace

std::vector<std::string> find_table_misfits(const description& d, const storage::catalog& database) {
    d.require_valid();
    return table_check{d, database}.run();
}

} // namespace atrium::entity
