#include "sqlite/transaction.hpp"

#include <storage/store.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace atrium::storage::sqlite {

command::command(connection& connection, const char* sql) : connection_{connection} {
    connection_.set_identity({});
    if (const int code = sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
        code != SQLITE_OK)
        connection_.fail(code, {}, sql);
}

command::~command() {
    sqlite3_finalize(handle_);
}

int command::run() noexcept {
    connection_.set_identity({});
    const int code = sqlite3_step(handle_);
    sqlite3_reset(handle_);
    return code;
}

void command::run_or_throw() {
    if (const int code = run(); code != SQLITE_DONE)
        connection_.fail(code, {}, sqlite3_sql(handle_));
}

// All savepoints have the same name: SQLite uses the innermost one of that name.
sqlite_transaction::sqlite_transaction(connection& connection)
    : connection_{connection}, savepoint_{connection, "SAVEPOINT function"}, release_{connection, "RELEASE function"},
      rollback_{connection, "ROLLBACK TO function"} {}

void sqlite_transaction::begin_function(std::string_view owner) {
    owner_ = owner;
    marks_.clear();
    begin_nested();
}

void sqlite_transaction::end_function(bool keep) {
    end_nested(keep);
}

void sqlite_transaction::notify_listeners() noexcept {
    std::sort(listeners_.begin(), listeners_.end());
    const auto end = std::unique(listeners_.begin(), listeners_.end());
    std::for_each(listeners_.begin(), end, [](commit_listener* each) { each->committed(); });
    listeners_.clear();
}

void sqlite_transaction::forget_listeners() noexcept {
    listeners_.clear();
}

std::int64_t sqlite_transaction::last_insert_id() const {
    return sqlite3_last_insert_rowid(connection_.handle());
}

void sqlite_transaction::after_commit(commit_listener& listener) {
    // A function that publishes many events calls this once for each of them, so a listener is not added twice in a row within
    // a savepoint. `notify_listeners` skips all other duplicates.
    if (listeners_.empty() || listeners_.back() != &listener || listeners_.size() == marks_.back())
        listeners_.push_back(&listener);
}

statement& sqlite_transaction::prepare(std::string_view sql) {
    return connection_.prepare(owner_, sql);
}

std::int64_t sqlite_transaction::changes() const {
    return sqlite3_changes64(connection_.handle());
}

void sqlite_transaction::begin_nested() {
    connection_.require_transaction(); // otherwise SAVEPOINT would open a transaction
    savepoint_.run_or_throw();
    marks_.push_back(listeners_.size());
}

void sqlite_transaction::end_nested(bool keep) {
    const auto mark = marks_.back();
    marks_.pop_back();
    if (!keep)
        listeners_.resize(mark);
    if (keep)
        connection_.require_transaction();
    else if (!connection_.is_in_transaction())
        return; // SQLite has already rolled back the whole transaction
    if (!keep)
        rollback_.run_or_throw();
    release_.run_or_throw();
}

std::string_view sqlite_transaction::exchange_owner(std::string_view owner) noexcept {
    return std::exchange(owner_, owner);
}

} // namespace atrium::storage::sqlite
