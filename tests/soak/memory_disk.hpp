#pragma once

#include <filesystem>

namespace atrium::soak {

/// A file system in memory, mounted on a folder, whose free space can be removed and restored. Needs a mount namespace in which
/// this process may mount file systems, such as `unshare --user --map-root-user --mount` creates. Its contents are lost when it
/// is destroyed.
class memory_disk {
public:
    /// Throws std::system_error if the file system cannot be mounted.
    explicit memory_disk(std::filesystem::path folder);
    ~memory_disk();
    memory_disk(const memory_disk&) = delete;
    memory_disk& operator=(const memory_disk&) = delete;

    /// Removes all free space; `restore_space` gives it back.
    void fill();
    void restore_space();

private:
    std::filesystem::path folder_;
};

} // namespace atrium::soak
