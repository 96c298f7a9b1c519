#pragma once

#include <string>
#include <string_view>
#include <utility>

struct sqlite3;

namespace atrium::storage::sqlite {

/// For whom a statement is prepared.
struct identity {
    std::string_view owner;    ///< a module's name, or empty for the store itself, which may do everything
    bool is_migrating = false; ///< may also create, alter and drop what bears its name
};

/// SQLite asks it about everything that a statement would do, while the statement is prepared. It denies by default: a module
/// reads and writes tables that begin with its own name, calls functions, and nothing else: no transaction control, no pragma,
/// no attached database, no change of the schema outside of its migrations.
///
/// One for each connection, on the connection's thread.
class authorizer {
public:
    /// Takes the connection's one authorizer hook; this object must stay where it is until the connection is closed.
    void install(sqlite3* connection);

    /// Whose statements are prepared from now on. SQLite prepares a statement again by itself when the schema has changed, so
    /// this is said before every step, too. `who.owner` must stay valid until the next call.
    void speak_for(identity who) noexcept { who_ = who; }

    /// What was refused last, for the log: "users may not read orders_order".
    [[nodiscard]] std::string take_refusal() noexcept { return std::exchange(refusal_, {}); }

private:
    static int decide(void* self, int action, const char* first, const char* second, const char* database, const char* trigger);
    [[nodiscard]] bool allows(int action, std::string_view first, std::string_view second) const;
    [[nodiscard]] bool allows_schema_change(int action, std::string_view first, std::string_view second) const;
    [[nodiscard]] bool owns(std::string_view name) const noexcept;

    identity who_;
    std::string refusal_;
};

} // namespace atrium::storage::sqlite
