#pragma once

#include <cstdint>
#include <filesystem>

namespace atrium::http {

/// The smallest memory limit of this process's control groups (version 2 or 1); the maximum of the type if there is no limit.
/// `root` is the folder that contains `proc` and `sys`.
[[nodiscard]] std::uint64_t control_group_limit(const std::filesystem::path& root);

} // namespace atrium::http
