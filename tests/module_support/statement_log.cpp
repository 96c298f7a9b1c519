#include <module_support/statement_log.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <mutex>

namespace atrium::support {
namespace {

// Static, because connections may outlive the `statement_log` briefly and still report statements.
std::mutex mutex;
bool is_recording = false;               // guarded by the mutex
std::vector<std::string> all_statements; // guarded by the mutex
std::int64_t all_steps = 0;              // guarded by the mutex

/// SQLite calls this when a statement begins to run (with its SQL in `text`, or a comment if a trigger runs) and when it ends.
int record(unsigned event, void*, void* statement, void* text) {
    const std::scoped_lock lock{mutex};
    if (is_recording && event == SQLITE_TRACE_STMT)
        all_statements.emplace_back(static_cast<const char*>(text));
    if (event == SQLITE_TRACE_PROFILE)
        all_steps += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

/// SQLite calls this for each connection that is opened. Makes the connection report its statements to `record`.
int attach(sqlite3* connection, const char**, const void*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, record, nullptr);
}

void (*entry_point())() {
    return reinterpret_cast<void (*)()>(attach);
}

} // namespace

statement_log::statement_log() {
    const std::scoped_lock lock{mutex};
    is_recording = true;
    all_statements.clear();
    all_steps = 0;
    sqlite3_auto_extension(entry_point());
}

statement_log::~statement_log() {
    sqlite3_cancel_auto_extension(entry_point());
    const std::scoped_lock lock{mutex};
    is_recording = false;
}

void statement_log::clear() {
    const std::scoped_lock lock{mutex};
    all_statements.clear();
    all_steps = 0;
}

std::int64_t statement_log::steps() const {
    const std::scoped_lock lock{mutex};
    return all_steps;
}

std::vector<std::string> statement_log::mentioning(const std::vector<std::string_view>& words) const {
    const std::scoped_lock lock{mutex};
    std::vector<std::string> found;
    std::copy_if(all_statements.begin(), all_statements.end(), std::back_inserter(found), [&](const std::string& each) {
        return std::any_of(words.begin(), words.end(), [&](auto word) { return each.find(word) != std::string::npos; });
    });
    return found;
}

} // namespace atrium::support
