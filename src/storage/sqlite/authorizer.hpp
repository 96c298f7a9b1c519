#pragma once

#include <string>
#include <string_view>
#include <utility>

struct sqlite3;

namespace atrium::storage::sqlite {

/// The owner as which a statement is prepared.
struct identity {
    std::string_view owner;    ///< a module's name; empty for the store itself, which may do everything
    bool is_migrating = false; ///< the owner may also create, alter and drop its own tables, indexes, views and triggers
};

/// Decides what the statements of an owner may do. SQLite calls it for each action of a statement while it prepares the
/// statement. A module may read and write the tables whose names begin with its own name, call functions, and, in its
/// migrations, change the schema of its tables. Everything else is denied. So a module cannot control transactions, use pragmas
/// or attach databases.
///
/// Each connection has one authorizer, which is used on the connection's thread.
class authorizer {
public:
    /// Sets the connection's authorizer hook. This object must not move until the connection is closed.
    void install(sqlite3* connection);

    /// Sets the owner of the statements that are prepared from now on. Also call it before the first step of each run of a
    /// statement, because SQLite prepares a statement again on its own if the schema has changed. `new_identity.owner` must
    /// stay valid until the next call.
    void set_identity(identity new_identity) noexcept { identity_ = new_identity; }

    /// Returns the last refused action as text for the log, such as "users may not read orders_order", and clears it.
    [[nodiscard]] std::string take_refusal() noexcept { return std::exchange(refusal_, {}); }

private:
    static int decide(void* self, int action, const char* first, const char* second, const char* database, const char* trigger);
    [[nodiscard]] bool allows(int action, std::string_view first, std::string_view second) const;
    [[nodiscard]] bool allows_schema_change(int action, std::string_view first, std::string_view second) const;
    [[nodiscard]] bool owns(std::string_view name) const noexcept;

    identity identity_;
    std::string refusal_;
};

} // namespace atrium::storage::sqlite
