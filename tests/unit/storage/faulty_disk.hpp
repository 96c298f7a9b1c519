#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>

namespace atrium::storage {

/// SQLite's own file access on a disk that can be told to fail. While it lives, databases that are opened are on it; it must
/// outlive them. One at a time.
class faulty_disk {
public:
    faulty_disk();
    ~faulty_disk();
    faulty_disk(const faulty_disk&) = delete;
    faulty_disk& operator=(const faulty_disk&) = delete;

    /// Writes that end beyond this offset of a log fail with `write_error`.
    static inline std::atomic<std::int64_t> room = INT64_MAX;
    static inline std::atomic<int> write_error = SQLITE_FULL;
    /// What a sync of a log answers.
    static inline std::atomic<int> sync_result = SQLITE_OK;

    /// How large the log has become.
    static inline std::atomic<std::int64_t> log_size = 0;
};

} // namespace atrium::storage
