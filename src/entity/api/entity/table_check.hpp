#pragma once

#include <entity/description.hpp>
#include <storage/catalog.hpp>

#include <string>
#include <vector>

namespace atrium::entity {

/// What does not fit between a description and its table: one sentence each, which names entity, field, table and column and
/// says what to do. Empty if all fits. Looked for: a table or column that does not exist, a column of another type, a null that
/// only one of both allows, a column that no INSERT would fill, texts that are compared without regard to case in a column that
/// is not, and sort orders, filters, lookups and joins without an index. Throws std::logic_error if the fields contradict each
/// other.
[[nodiscard]] std::vector<std::string> find_table_misfits(const description& d, const storage::catalog& database);

} // namespace atrium::entity
