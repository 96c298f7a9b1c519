#pragma once

#include <base/log.hpp>
#include <base/throttle.hpp>

#include <chrono>

namespace atrium::storage::sqlite {

/// While this object exists, writes to the log of a database what SQLite itself reports (`SQLITE_CONFIG_LOG`), for example a
/// recovered write-ahead log, a moved file, or an I/O error with the line in SQLite's source. SQLite does not report to which
/// database a message belongs. So if a process has several, each report is written to the logs of all of them. Writes at most
/// `max_reports` a minute and counts the others. Leaves out errors that a statement returns to its caller anyway (a conflict, a
/// mistake in SQL, a lock).
///
/// The reports may contain names of files and SQL statements, but not the values that are bound to the statements. Can be used
/// on any thread.
class library_log {
public:
    static constexpr int max_reports = 10;

    /// Registers `receive` with SQLite. Call it once in a process, before SQLite is used; a later call has no effect.
    static void install() noexcept;

    explicit library_log(logger log);
    ~library_log();
    library_log(const library_log&) = delete;
    library_log& operator=(const library_log&) = delete;

    /// Called by SQLite for each report.
    static void receive(int code, const char* text) noexcept;

private:
    void write(int code, const char* text);

    const logger log_;
    throttle throttle_{max_reports, std::chrono::minutes{1}};
};

} // namespace atrium::storage::sqlite
