#pragma once

#include <entity/description.hpp>
#include <storage/catalog.hpp>

#include <string>
#include <vector>

namespace atrium::entity {

/// Compares a description with its table. Returns one sentence for each difference, but only the first one for each field. The
/// sentence names the field, column or index that does not fit, and suggests a fix. These are differences: missing tables and
/// columns, columns of another type, columns that may be null only in the table or only in the description, columns that no
/// INSERT would fill, texts that are compared without regard to case in a case-sensitive column, unique fields without a unique
/// index, indexes that the table lacks, and sort orders, filters, lookups and joins without an index. Indexes of several
/// columns, lookups and joins are checked only if nothing else differs. Throws std::logic_error if the fields contradict each
/// other.
[[nodiscard]] std::vector<std::string> find_table_misfits(const description& d, const storage::catalog& database);

} // namespace atrium::entity
