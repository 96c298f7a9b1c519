#pragma once

#include <base/log.hpp>
#include <base/throttle.hpp>

#include <chrono>

namespace atrium::storage::sqlite {

/// Brings what SQLite reports by itself (`SQLITE_CONFIG_LOG`) to the log of a database for as long as it lives: a log that was
/// recovered, a file that was moved, an I/O error with its line. SQLite does not tell which database it means, so each of
/// several in one process gets every report. At most `max_reports` a minute; the others are counted. What a statement returns
/// to its caller in any case (a conflict, a mistake in SQL, a lock) is left out.
///
/// SQLite's texts hold file names and statements without their values. Any thread.
class library_log {
public:
    static constexpr int max_reports = 10;

    /// Makes SQLite report here. Once in a process, before anything in it has used SQLite; later it has no effect.
    static void install() noexcept;

    explicit library_log(logger log);
    ~library_log();
    library_log(const library_log&) = delete;
    library_log& operator=(const library_log&) = delete;

    /// What SQLite calls.
    static void receive(int code, const char* text) noexcept;

private:
    void write(int code, const char* text);

    const logger log_;
    throttle throttle_{max_reports, std::chrono::minutes{1}};
};

} // namespace atrium::storage::sqlite
