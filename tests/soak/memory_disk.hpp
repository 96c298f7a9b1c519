#pragma once

#include <filesystem>

namespace atrium::soak {

/// A file system in memory, mounted on a folder, that can be filled to its last page and given room again. Needs a mount
/// namespace in which this process may mount, such as `unshare --user --map-root-user --mount` creates. Its contents are lost
/// when it is destroyed.
class memory_disk {
public:
    /// Throws std::system_error if it cannot be mounted.
    explicit memory_disk(std::filesystem::path folder);
    ~memory_disk();
    memory_disk(const memory_disk&) = delete;
    memory_disk& operator=(const memory_disk&) = delete;

    /// Removes all free space.
    void fill();
    void make_room();

private:
    std::filesystem::path folder_;
};

} // namespace atrium::soak
