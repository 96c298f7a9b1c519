#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>

namespace atrium::storage::sqlite {

/// Identifies a file independently of its names: the device and the inode number.
struct file_identity {
    dev_t device;
    ino_t number;

    auto operator<=>(const file_identity&) const = default;
};

[[nodiscard]] inline file_identity identity_of(const struct stat& status) noexcept {
    return {status.st_dev, status.st_ino};
}

/// The identity of the file at this path; follows links. Empty if the file cannot be reached, with the reason in errno.
[[nodiscard]] inline std::optional<file_identity> find_identity(const std::filesystem::path& path) noexcept {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? std::optional{identity_of(status)} : std::nullopt;
}

/// The path of a file beside a database: the path of the database with `ending`, such as "-wal", "-shm" or ".lock". If `ending`
/// is empty, this is the path of the database itself.
[[nodiscard]] inline std::filesystem::path companion_path(const std::filesystem::path& database, const char* ending) {
    auto path = database;
    path += ending;
    return path;
}

} // namespace atrium::storage::sqlite
