#include "memory/machine_memory.hpp"

#include <http/memory_budget.hpp>

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

namespace atrium::http {
namespace {

namespace fs = std::filesystem;

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t max_default = 512U << 20U; // 512 MiB

/// The number in a file; unlimited if the file contains "max" or cannot be read.
std::uint64_t read_number(const fs::path& file) {
    std::uint64_t number = 0;
    std::ifstream stream{file};
    return stream >> number ? number : unlimited;
}

/// The smallest limit of a group and of the groups above it, up to the root of the hierarchy. In a container, the path of the
/// group is often its path outside of the container, which does not exist inside. In this case, the mounted root is the
/// container's own group, so the limit in the root is the one that counts.
std::uint64_t smallest_limit(const fs::path& mount, std::string_view group, const char* file) {
    auto smallest = read_number(mount / file);
    for (fs::path folder = fs::path{group}.relative_path(); !folder.empty(); folder = folder.parent_path())
        smallest = std::min(smallest, read_number(mount / folder / file));
    return smallest;
}

bool names_memory(std::string_view controllers) {
    return ("," + std::string{controllers} + ",").find(",memory,") != std::string::npos;
}

std::uint64_t machine_memory() {
    const auto pages = sysconf(_SC_PHYS_PAGES);
    const auto size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : unlimited;
}

} // namespace

std::uint64_t control_group_limit(const fs::path& root) {
    const auto mounts = root / "sys/fs/cgroup";
    auto smallest = unlimited;
    std::ifstream groups{root / "proc/self/cgroup"};
    for (std::string line; std::getline(groups, line);) { // "4:memory:/path" (v1), "0::/path" (v2); cgroups(7)
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string_view controllers = std::string_view{line}.substr(first + 1, second - first - 1);
        const std::string_view group = std::string_view{line}.substr(second + 1);
        if (controllers.empty())
            smallest = std::min(smallest, smallest_limit(mounts, group, "memory.max"));
        else if (names_memory(controllers))
            smallest = std::min(smallest, smallest_limit(mounts / "memory", group, "memory.limit_in_bytes"));
    }
    return smallest;
}

std::size_t default_memory_limit() {
    return static_cast<std::size_t>(std::min(max_default, std::min(machine_memory(), control_group_limit("/")) / 4));
}

} // namespace atrium::http
