#pragma once

#include <filesystem>

namespace atrium::storage::sqlite {

/// A file that gets its final name only when it is complete: until `publish`, it is called TARGET.partial. A lock keeps other
/// processes from writing to it at the same time. The destructor removes the file unless it was published.
class partial_file {
public:
    /// Creates the file, accessible only to its owner. A file that a killed process has left is emptied and used again. Throws
    /// `backup_error`.
    explicit partial_file(std::filesystem::path target);
    ~partial_file();
    partial_file(const partial_file&) = delete;
    partial_file& operator=(const partial_file&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Removes the contents of the file.
    void clear();
    /// Asks the system to begin to write the contents of the file to the disk. Does not wait until they are on disk.
    void begin_sync() noexcept;
    /// Waits until the contents of the file are on disk. Throws `backup_error`.
    void sync();
    /// Gives the file its final name, which is on disk afterwards. Throws `backup_error`, for example if a file with that name
    /// exists and `replaces` is false.
    void publish(bool replaces);

private:
    [[noreturn]] void fail(int code) const;
    void create();
    void rename(bool replaces);

    const std::filesystem::path target_;
    const std::filesystem::path path_;
    int descriptor_ = -1;
    bool is_published_ = false;
};

} // namespace atrium::storage::sqlite
