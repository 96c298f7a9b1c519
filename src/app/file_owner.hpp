#pragma once

#include <filesystem>

namespace atrium::app {

/// If this process runs as root, switches it permanently to the user that owns the file or, if the file does not exist yet, its
/// folder. That user can then open all files that the process creates from now on. Throws std::system_error.
void act_as_owner_of(const std::filesystem::path& file);

} // namespace atrium::app
