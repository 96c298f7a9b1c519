#include "memory_disk.hpp"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace atrium::soak {
namespace {

constexpr auto with_room = "size=90%,mode=0700"; // of the memory; it takes what is used

void mount_memory(const std::filesystem::path& folder, unsigned long flags, const std::string& options) {
    if (::mount("tmpfs", folder.c_str(), "tmpfs", flags, options.c_str()) != 0)
        throw std::system_error{errno, std::generic_category(),
                                "a file system in memory cannot be mounted on " + folder.string()};
}

} // namespace

memory_disk::memory_disk(std::filesystem::path folder) : folder_{std::move(folder)} {
    mount_memory(folder_, 0, with_room);
}

memory_disk::~memory_disk() {
    ::umount2(folder_.c_str(), MNT_DETACH);
}

void memory_disk::fill() {
    struct statvfs now {};
    if (::statvfs(folder_.c_str(), &now) != 0)
        throw std::system_error{errno, std::generic_category(), folder_.string()};
    // The kernel takes no size below what is used, and a server may have written since we asked: two pages more.
    const auto used = (now.f_blocks - now.f_bfree + 2) * now.f_frsize;
    mount_memory(folder_, MS_REMOUNT, "size=" + std::to_string(used));
}

void memory_disk::make_room() {
    mount_memory(folder_, MS_REMOUNT, with_room);
}

} // namespace atrium::soak
