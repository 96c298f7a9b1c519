#pragma once

#include <string>

namespace atrium::storage {

/// A column as the database has it.
struct table_column {
    std::string name;
    std::string type; ///< as declared, in upper case: "INTEGER", "TEXT"
    bool is_nullable = false;
    bool has_default = false;
    bool is_indexed = false; ///< rows can be found and ordered by it: it is the row's id or the first column of an index
};

} // namespace atrium::storage
