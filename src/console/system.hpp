#pragma once

#include "backups.hpp"

#include <console/facts.hpp>

#include <string>

namespace atrium::console {

/// Version, effective configuration, migrations, storage and backups as JSON. Reads the file system.
[[nodiscard]] std::string describe_system(const facts& f, const backups& made_backups);

} // namespace atrium::console
