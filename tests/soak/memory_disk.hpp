#pragma once

#include <filesystem>

namespace atrium::soak {

/// A file system in memory, mounted on a folder, that can be filled to its last page and given room again. Needs a mount
/// namespace in which we may mount, as `unshare --user --map-root-user --mount` makes one. What it holds is gone with it.
class memory_disk {
public:
    /// Throws std::system_error if it cannot be mounted.
    explicit memory_disk(std::filesystem::path folder);
    ~memory_disk();
    memory_disk(const memory_disk&) = delete;
    memory_disk& operator=(const memory_disk&) = delete;

    /// Takes away all room that is not used.
    void fill();
    void make_room();

private:
    std::filesystem::path folder_;
};

} // namespace atrium::soak
