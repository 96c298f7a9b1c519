#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>

namespace atrium::storage {

/// A file system for SQLite whose writes and syncs of write-ahead logs can be made to fail. Databases that are opened while
/// this object exists use it, and it must outlive them. Only one can exist at a time.
class faulty_disk {
public:
    faulty_disk();
    ~faulty_disk();
    faulty_disk(const faulty_disk&) = delete;
    faulty_disk& operator=(const faulty_disk&) = delete;

    /// Writes that end beyond this offset of a write-ahead log fail with `write_error`.
    static inline std::atomic<std::int64_t> capacity = INT64_MAX;
    static inline std::atomic<int> write_error = SQLITE_FULL;
    /// The result of each sync of a write-ahead log.
    static inline std::atomic<int> sync_result = SQLITE_OK;

    /// The largest size that a write-ahead log has had so far.
    static inline std::atomic<std::int64_t> log_size = 0;
};

} // namespace atrium::storage
