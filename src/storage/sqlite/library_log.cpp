#include "sqlite/library_log.hpp"

#include <sqlite3.h>

#include <mutex>
#include <utility>
#include <vector>

namespace atrium::storage::sqlite {
namespace {

/// All existing `library_log` objects. The mutex also guards their members; that is cheap enough because reports are rare.
struct open_logs {
    std::mutex mutex;
    std::vector<library_log*> all;

    static open_logs& instance() {
        static open_logs logs;
        return logs;
    }
};

/// Whether the failed statement returns this code to its caller, which may have expected it.
bool is_for_the_caller(int code) noexcept {
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ERROR:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_SCHEMA:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_AUTH: return true;
    default: return false;
    }
}

extern "C" void receive_report(void*, int code, const char* text) {
    library_log::receive(code, text);
}

} // namespace

void library_log::install() noexcept {
    sqlite3_config(SQLITE_CONFIG_LOG, &receive_report, nullptr);
}

library_log::library_log(logger log) : log_{std::move(log)} {
    auto& logs = open_logs::instance();
    const std::lock_guard lock{logs.mutex};
    logs.all.push_back(this);
}

library_log::~library_log() {
    auto& logs = open_logs::instance();
    const std::lock_guard lock{logs.mutex};
    std::erase(logs.all, this);
    if (const auto count = throttle_.held_back(); count > 0)
        log_.warning("reports from SQLite were left out", {{"reports", count}});
}

void library_log::receive(int code, const char* text) noexcept {
    if (is_for_the_caller(code))
        return;
    try {
        auto& logs = open_logs::instance();
        const std::lock_guard lock{logs.mutex};
        for (auto* each : logs.all)
            each->write(code, text);
    } catch (...) { // ignored: out of memory; the exception must not reach SQLite, which is written in C
    }
}

void library_log::write(int code, const char* text) {
    const auto left_out = throttle_.pass();
    if (!left_out)
        return;
    std::vector<log_field> facts{{"code", code}, {"text", text}};
    if (*left_out > 0)
        facts.emplace_back("left_out", *left_out);
    if ((code & 0xff) == SQLITE_NOTICE)
        log_.info("report from SQLite", std::move(facts));
    else
        log_.warning("report from SQLite", std::move(facts));
}

} // namespace atrium::storage::sqlite
