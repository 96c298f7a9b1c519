#pragma once

#include <host/entry.hpp>

#include <span>
#include <vector>

namespace atrium::app {

/// All modules of this program, enabled or not.
[[nodiscard]] std::span<const host::module_entry> registered_modules();

/// The SQL schemas of the parts with tables (such as the journal) and of every module. The tables of modules that are not
/// enabled exist as well, so that enabling a module needs only a restart.
[[nodiscard]] std::vector<storage::schema> all_schemas();

} // namespace atrium::app
