#pragma once

#include <host/module.hpp>

#include <vector>

namespace atrium::app {

/// All modules in this binary, enabled or not.
[[nodiscard]] std::vector<host::description> compiled_modules();

/// The schemas of all that keeps something in the database: the journal and every compiled module. Tables of modules that do
/// not run here are there as well, so that enabling one is a restart and nothing else.
[[nodiscard]] std::vector<storage::schema> all_schemas();

} // namespace atrium::app
