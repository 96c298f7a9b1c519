#include "memory_disk.hpp"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace atrium::soak {
namespace {

constexpr auto full_size = "size=90%,mode=0700"; // 90% of the machine's memory; only pages that are used take memory

bool try_mount(const std::filesystem::path& folder, unsigned long flags, const std::string& options) {
    return ::mount("tmpfs", folder.c_str(), "tmpfs", flags, options.c_str()) == 0;
}

void mount_memory(const std::filesystem::path& folder, unsigned long flags, const std::string& options) {
    if (!try_mount(folder, flags, options))
        throw std::system_error{errno, std::generic_category(), "cannot mount a file system in memory on " + folder.string()};
}

} // namespace

memory_disk::memory_disk(std::filesystem::path folder) : folder_{std::move(folder)} {
    mount_memory(folder_, 0, full_size);
}

memory_disk::~memory_disk() {
    ::umount2(folder_.c_str(), MNT_DETACH);
}

void memory_disk::fill() {
    constexpr int max_tries = 1000; // the kernel refuses a size below the used space, which a running server changes constantly
    for (int i = 0; i < max_tries; ++i) {
        struct statvfs now{};
        if (::statvfs(folder_.c_str(), &now) != 0)
            break;
        if (try_mount(folder_, MS_REMOUNT, "size=" + std::to_string((now.f_blocks - now.f_bfree) * now.f_frsize)))
            return;
    }
    throw std::system_error{errno, std::generic_category(), folder_.string() + " cannot be filled"};
}

void memory_disk::restore_space() {
    mount_memory(folder_, MS_REMOUNT, full_size);
}

} // namespace atrium::soak
