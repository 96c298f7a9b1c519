#pragma once

#include <host/entry.hpp>

#include <span>
#include <vector>

namespace atrium::app {

/// All modules in this program, enabled or not.
[[nodiscard]] std::span<const host::module_entry> registered_modules();

/// The schemas of all that keeps something in the database: the journal and every module. Tables of modules that do not run
/// here are there as well, so that enabling one is a restart and nothing else.
[[nodiscard]] std::vector<storage::schema> all_schemas();

} // namespace atrium::app
