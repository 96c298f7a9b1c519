#pragma once

#include <entity/description.hpp>
#include <storage/table_column.hpp>

#include <span>

namespace atrium::entity {

/// Compares a description with the columns that its own table has. Called at the start, before anything is served. Throws
/// std::logic_error with one sentence that names field, table and column and says what to do: a column that is missing, of
/// another type, a null that only one of both allows, a column that no insert would fill, an order or filter without an index.
void check_table(const description& d, std::span<const storage::table_column> columns);

} // namespace atrium::entity
