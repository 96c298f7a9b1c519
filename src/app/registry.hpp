#pragma once

#include <host/entry.hpp>

#include <span>
#include <vector>

namespace atrium::app {

/// All modules of this program, enabled or not.
[[nodiscard]] std::span<const host::module_entry> registered_modules();

/// The SQL schemas of the journal and of every module. Modules that are not enabled have their tables as well, so that enabling
/// one needs only a restart.
[[nodiscard]] std::vector<storage::schema> all_schemas();

} // namespace atrium::app
