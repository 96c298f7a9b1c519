#pragma once

#include "sqlite/connection.hpp"

#include <storage/catalog.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage::sqlite {

/// See `catalog::find_table`.
[[nodiscard]] std::optional<table_layout> read_table(connection& connection, std::string_view name);

/// See `catalog::tables_without_index`.
[[nodiscard]] std::vector<std::string> read_tables_without_index(connection& connection, std::string_view query);

} // namespace atrium::storage::sqlite
