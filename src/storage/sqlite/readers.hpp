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

/// The read-only connections, one for each thread that reads: opened at its first read, closed with the database. A thread that
/// ended leaves its connection to the next one that gets its id. Any thread.
class readers {
public:
    /// `limit`: how long one read may compute. While `watch` misses the file, reads are refused. `damage` outlives this object.
    readers(std::filesystem::path file, file_watch& watch, damage_report& damage, std::chrono::milliseconds limit);
    ~readers();

    /// Runs the function on this thread's connection, in one snapshot. What it throws goes on to the caller.
    /// Errors: unavailable (it took longer than allowed, `close` was called, or the file is away).
    result<> run(std::string_view owner, read_task& task);

    /// Waits for the reads that are running and closes the connections. Reads after it are refused. Idempotent.
    void close() noexcept;

private:
    class reader;

    /// The calling thread's own; null once closed, or if the path does not lead to the file any more.
    reader* mine();
    [[nodiscard]] std::unique_ptr<reader> open();

    const std::filesystem::path file_;
    file_watch& watch_;
    damage_report& damage_;
    const std::chrono::milliseconds limit_;
    const std::uint64_t serial_; ///< tells this object from a former one at the same address
    std::mutex mutex_;           ///< guards what follows; each reader guards itself
    bool is_closed_ = false;
    std::map<std::thread::id, std::unique_ptr<reader>> readers_;
};

} // namespace atrium::storage::sqlite
