#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage {

/// A column as the database has it.
struct table_column {
    std::string name;
    std::string type;      ///< as declared, in upper case: "INTEGER", "TEXT"
    std::string collation; ///< in upper case: "BINARY", "NOCASE"
    bool is_nullable = false;
    bool has_default = false; ///< an INSERT may leave it out
    bool is_row_id = false;   ///< INTEGER PRIMARY KEY: the database gives it, and rows are found and ordered by it
};

struct index_column {
    std::string name;      ///< empty for an expression
    std::string collation; ///< in upper case
    bool is_descending = false;
};

struct table_index {
    std::string name;
    std::vector<index_column> columns; ///< at least one
    bool is_partial = false;           ///< it has a WHERE, and so not every row
    bool is_unique = false;
};

/// A table as the database has it, with the indexes that its UNIQUE and PRIMARY KEY constraints made.
struct table_layout {
    std::vector<table_column> columns;
    std::vector<table_index> indexes;
};

/// What a database has, for those who compare it with what they expect. One thread.
class catalog {
public:
    virtual ~catalog() = default;

    /// Empty if there is no such table.
    [[nodiscard]] virtual std::optional<table_layout> find_table(std::string_view name) const = 0;

    /// The tables, by their aliases, of which the query reads every row because no index leads to those that it needs. Throws
    /// `failure` if the query cannot be prepared.
    [[nodiscard]] virtual std::vector<std::string> tables_without_index(std::string_view query) const = 0;
};

} // namespace atrium::storage
