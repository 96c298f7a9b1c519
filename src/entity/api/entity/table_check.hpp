#pragma once

#include <entity/description.hpp>
#include <storage/catalog.hpp>

#include <string>
#include <vector>

namespace atrium::entity {

/// Compares a description with its table and returns one sentence for each difference, which names entity, field, table and
/// column and suggests a fix. It reports missing tables and columns, columns of another type, nulls that only one of the two
/// allows, columns that no INSERT would fill, texts compared case-insensitively in a case-sensitive column, and sort orders,
/// filters, lookups and joins without an index. Throws std::logic_error if the fields contradict each other.
[[nodiscard]] std::vector<std::string> find_table_misfits(const description& d, const storage::catalog& database);

} // namespace atrium::entity
