#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// A column of a table.
struct table_column {
    std::string name;
    std::string type;      ///< as declared, in upper case: "INTEGER", "TEXT"
    std::string collation; ///< in upper case: "BINARY", "NOCASE"
    bool is_nullable = false;
    bool has_default = false; ///< an INSERT may omit it
    bool is_row_id = false;   ///< INTEGER PRIMARY KEY: the database assigns its values, and stores the rows sorted by them
};

struct index_column {
    std::string name;      ///< empty for an expression
    std::string collation; ///< in upper case
    bool is_descending = false;
};

struct table_index {
    std::string name;
    std::vector<index_column> columns; ///< at least one
    bool is_partial = false;           ///< it has a WHERE, so it may not contain every row
    bool is_unique = false;
};

/// A table with its indexes, including those that its UNIQUE and PRIMARY KEY constraints create.
struct table_layout {
    std::vector<table_column> columns;
    std::vector<table_index> indexes;
};

/// The tables of a database, for checks that compare them with what the code expects. Use it from one thread only.
class catalog {
public:
    virtual ~catalog() = default;

    /// Empty if the table does not exist.
    [[nodiscard]] virtual std::optional<table_layout> find_table(std::string_view name) const = 0;

    /// The tables that the query scans completely because no index finds the rows that the query needs. A table that has an
    /// alias in the query is listed by its alias. Throws `failure` if the query cannot be prepared.
    [[nodiscard]] virtual std::vector<std::string> tables_without_index(std::string_view query) const = 0;
};

} // namespace atrium::storage
