#include "sqlite/authorizer.hpp"

#include <base/text.hpp>

#include <sqlite3.h>

#include <algorithm>

namespace atrium::storage::sqlite {
namespace {

std::string_view view(const char* text) noexcept {
    return text ? std::string_view{text} : std::string_view{};
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) noexcept {
    return std::any_of(names.begin(), names.end(), [&](auto each) { return ascii_iequals(name, each); });
}

/// SQLite's internal tables, which it updates itself when something is created, altered or dropped. SQLite refuses statements
/// that write to them directly (`defensive`), except to `sqlite_sequence`.
bool is_internal_table(std::string_view name) noexcept {
    return is_one_of(name, {"sqlite_master", "sqlite_temp_master", "sqlite_sequence"});
}

/// Whether this name is that of a table-valued function that returns the elements of a JSON value and no stored data, as in
/// `WHERE id IN (SELECT value FROM json_each(?1))`.
bool is_table_function(std::string_view name) noexcept {
    return is_one_of(name, {"json_each", "json_tree"});
}

/// `ALTER TABLE ... ADD COLUMN` checks the existing rows of its table with this PRAGMA. Newer versions of SQLite do so in more
/// cases. `ALTER TABLE` reads the findings from the table-valued function that belongs to the PRAGMA.
constexpr std::string_view check_of_rows = "quick_check";
constexpr std::string_view function_of_check = "pragma_quick_check";

/// Describes an action for the log.
std::string describe(int action, std::string_view first, std::string_view second) {
    const std::string a{first};
    const std::string b{second};
    switch (action) {
    case SQLITE_READ: return "read " + a + (b.empty() ? "" : "." + b);
    case SQLITE_INSERT: return "insert into " + a;
    case SQLITE_UPDATE: return "update " + a + "." + b;
    case SQLITE_DELETE: return "delete from " + a;
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return "control transactions (" + a + ")";
    case SQLITE_PRAGMA: return "use PRAGMA " + a;
    case SQLITE_ATTACH: return "attach a database";
    case SQLITE_DETACH: return "detach a database";
    case SQLITE_FUNCTION: return "call " + b;
    case SQLITE_ALTER_TABLE: return "alter the table " + b;
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW: return "create " + a;
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER: return "create " + a + " on " + b;
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW: return "drop " + a;
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER: return "drop " + a + " of " + b;
    default: return "perform SQLite's action " + std::to_string(action) + " on " + (a.empty() ? "the database" : a);
    }
}

} // namespace

void authorizer::install(sqlite3* connection) {
    sqlite3_set_authorizer(connection, &authorizer::decide, this);
}

int authorizer::decide(void* self, int action, const char* first, const char* second, const char*, const char*) {
    auto& rules = *static_cast<authorizer*>(self);
    if (rules.identity_.owner.empty() || rules.allows(action, view(first), view(second)))
        return SQLITE_OK;
    rules.refusal_ = std::string{rules.identity_.owner} + " may not " + describe(action, view(first), view(second));
    return SQLITE_DENY;
}

bool authorizer::owns(std::string_view name) const noexcept {
    const auto owner = identity_.owner;
    return name.size() > owner.size() + 1 && name[owner.size()] == '_' && ascii_iequals(name.substr(0, owner.size()), owner);
}

bool authorizer::allows(int action, std::string_view first, std::string_view second) const {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_FUNCTION: return !ascii_iequals(second, "load_extension");
    case SQLITE_READ:
        // If a statement uses none of the columns of a common table expression, SQLite passes the name of the expression as
        // `first`. All tables have an underscore in their names, so a name without one does not refer to a table.
        return owns(first) || is_table_function(first) || (second.empty() && first.find('_') == std::string_view::npos) ||
               (identity_.is_migrating && (is_internal_table(first) || first == function_of_check));
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return owns(first) || (identity_.is_migrating && is_internal_table(first));
    default: return identity_.is_migrating && allows_schema_change(action, first, second);
    }
}

bool authorizer::allows_schema_change(int action, std::string_view first, std::string_view second) const {
    switch (action) {
    case SQLITE_CREATE_TABLE:
        return owns(first) || ascii_iequals(first, "sqlite_sequence"); // created for the first AUTOINCREMENT
    case SQLITE_DROP_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_VIEW: return owns(first);
    case SQLITE_CREATE_INDEX: return owns(second) && (owns(first) || first.starts_with("sqlite_autoindex_"));
    case SQLITE_DROP_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_TRIGGER: return owns(first) && owns(second);
    case SQLITE_ALTER_TABLE: return owns(second);
    case SQLITE_REINDEX: return owns(first);
    case SQLITE_PRAGMA: return first == check_of_rows;
    default: return false;
    }
}

} // namespace atrium::storage::sqlite
