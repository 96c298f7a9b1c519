#include "sqlite/statement.hpp"

#include "sqlite/connection.hpp"

#include <storage/store.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace atrium::storage::sqlite {
namespace {

struct binder {
    sqlite3_stmt* handle;
    int index;

    int operator()(std::nullptr_t) const { return sqlite3_bind_null(handle, index); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(handle, index, number); }
    int operator()(double number) const { return sqlite3_bind_double(handle, index, number); }
    int operator()(std::string_view text) const {
        // Copied, because the cursor outlives the text, which is valid only during `query`. An empty view may hold a null
        // pointer, which SQLite would bind as NULL.
        return sqlite3_bind_text64(handle, index, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
};

} // namespace

cached_statement::cached_statement(connection& connection, std::string_view owner, std::string_view sql)
    : connection_{connection}, owner_{owner} {
    const char* rest = nullptr;
    connection_.set_identity({owner_});
    const int code = sqlite3_prepare_v3(connection_.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle_, &rest);
    if (code != SQLITE_OK)
        connection_.fail(code, owner_, sql);
    const auto unread = sql.substr(static_cast<std::size_t>(rest - sql.data()));
    if (!handle_ || unread.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        sqlite3_finalize(handle_);
        throw failure{"exactly one statement was expected (as " + owner_ + ", in: " + std::string{sql} + ")"};
    }
    placeholders_ = sqlite3_bind_parameter_count(handle_);
}

cached_statement::~cached_statement() {
    sqlite3_finalize(handle_);
}

void cached_statement::take() {
    if (progress_ != progress::idle)
        throw std::logic_error{"a second cursor was opened while the first is open on: " + std::string{sqlite3_sql(handle_)}};
    progress_ = progress::taken;
}

void cached_statement::bind(int index, const parameter& value) {
    if (const int code = std::visit(binder{handle_, index}, value.value()); code != SQLITE_OK)
        fail(code);
    bound_ = std::max(bound_, index);
}

bool cached_statement::step() {
    if (progress_ == progress::done)
        return false; // without this check, SQLite would execute the statement again
    if (progress_ == progress::taken)
        begin();
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) [[likely]]
        return true;
    progress_ = progress::done;
    if (code != SQLITE_DONE)
        fail(code);
    return false;
}

/// Checks the conditions for the first step.
void cached_statement::begin() {
    if (bound_ != placeholders_)
        throw std::logic_error{"a placeholder has no value in: " + std::string{sqlite3_sql(handle_)}};
    if (!owner_.empty())
        connection_.require_transaction();
    connection_.set_identity({owner_});
    progress_ = progress::stepping;
}

void cached_statement::reset() noexcept {
    sqlite3_reset(handle_);
    if (bound_ != 0)
        sqlite3_clear_bindings(handle_); // otherwise the copies of long texts would be kept
    bound_ = 0;
    progress_ = progress::idle;
}

bool cached_statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t cached_statement::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

std::optional<std::int64_t> cached_statement::optional_integer(int column) const {
    auto* const value = sqlite3_column_value(handle_, column); // looks up the column once, as `text` does
    return sqlite3_value_type(value) == SQLITE_NULL ? std::nullopt : std::optional{std::int64_t{sqlite3_value_int64(value)}};
}

double cached_statement::real(int column) const {
    return sqlite3_column_double(handle_, column);
}

std::string_view cached_statement::text(int column) const {
    // Looks up the column once instead of twice. SQLite requires that the connection's mutex is held while such a value is
    // used, but our connections have no mutexes.
    auto* const value = sqlite3_column_value(handle_, column);
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return bytes ? std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))} : std::string_view{};
}

void cached_statement::fail(int code) const {
    connection_.fail(code, owner_, sqlite3_sql(handle_));
}

} // namespace atrium::storage::sqlite
