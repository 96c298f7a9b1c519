#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>

namespace atrium::storage::sqlite {

/// Which file something is, whatever its names: its device and its number there.
struct file_identity {
    dev_t device;
    ino_t number;

    auto operator<=>(const file_identity&) const = default;
};

[[nodiscard]] inline file_identity identity_of(const struct stat& status) noexcept {
    return {status.st_dev, status.st_ino};
}

/// The file at this path, links followed; nothing, with the reason in errno, if it cannot be reached.
[[nodiscard]] inline std::optional<file_identity> find_identity(const std::filesystem::path& path) noexcept {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? std::optional{identity_of(status)} : std::nullopt;
}

/// A file that belongs to a database: `ending` is "-wal", "-shm" or ".lock"; the database itself without one.
[[nodiscard]] inline std::filesystem::path companion_path(const std::filesystem::path& database, const char* ending) {
    auto path = database;
    path += ending;
    return path;
}

} // namespace atrium::storage::sqlite
