#pragma once

#include "sqlite/damage_report.hpp"
#include "sqlite/file_watch.hpp"

#include <base/error.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace atrium::storage::sqlite {

/// The read-only connections: one for each thread that reads, opened at its first read and closed with the database. If a
/// thread ends, the next thread with the same id uses its connection. Can be used on any thread.
class readers {
public:
    /// `limit` is the maximum computing time of one read. Reads are refused while `watch` does not find the file. `damage` must
    /// outlive this object.
    readers(std::filesystem::path file, file_watch& watch, damage_report& damage, std::chrono::milliseconds limit);
    ~readers();

    /// Runs the function on this thread's connection, in one snapshot. Passes its exceptions on to the caller. Errors:
    /// unavailable (the read took too long, `close` was called, or the file is missing).
    result<> run(std::string_view owner, read_task& task);

    /// Waits for the running reads, interrupting those that compute, and closes the connections. Refuses later reads.
    /// Idempotent.
    void close() noexcept;

private:
    class reader;

    /// The calling thread's reader; null if this object is closed, or if the path no longer leads to the file.
    reader* thread_reader();
    [[nodiscard]] std::unique_ptr<reader> open();

    const std::filesystem::path file_;
    file_watch& watch_;
    damage_report& damage_;
    const std::chrono::milliseconds limit_;
    const std::uint64_t serial_; ///< distinguishes this object from an earlier one at the same address
    std::mutex mutex_;           ///< guards the following members; each reader has a mutex of its own
    bool is_closed_ = false;
    std::map<std::thread::id, std::unique_ptr<reader>> readers_;
};

} // namespace atrium::storage::sqlite
