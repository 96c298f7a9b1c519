#pragma once

#include <filesystem>

namespace atrium::app {

/// If this process is root and the file, or the folder in which it will be created, belongs to another user, the process
/// becomes that user until its end, so that the user can open all files that are created from now on. Throws std::system_error.
void act_as_owner_of(const std::filesystem::path& file);

} // namespace atrium::app
