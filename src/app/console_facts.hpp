#pragma once

#include "module_set.hpp"

#include <app/settings.hpp>
#include <base/clock.hpp>
#include <console/facts.hpp>
#include <storage/sqlite/database.hpp>

namespace atrium::app {

/// The facts about this process that the console shows. Call it after `module_set::add_routes` and before the start of the
/// database.
[[nodiscard]] console::facts console_facts(const settings& s, const module_set& modules,
                                           const storage::sqlite::sqlite_database& database, const clock& time);

} // namespace atrium::app
