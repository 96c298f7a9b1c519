#pragma once

#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace atrium::storage::sqlite {

class connection;

/// A prepared statement of one owner, which its connection keeps and reuses. Used on the connection's thread.
class cached_statement final : public statement {
public:
    /// Throws `failure` if the SQL is invalid or does something that the owner may not do.
    cached_statement(connection& connection, std::string_view owner, std::string_view sql);
    ~cached_statement() override;
    cached_statement(const cached_statement&) = delete;
    cached_statement& operator=(const cached_statement&) = delete;

    /// Marks the statement as in use until `reset`. Throws `std::logic_error` if it is already in use, because two cursors on
    /// one text would share their rows.
    void take();
    [[nodiscard]] bool is_in_use() const noexcept { return progress_ != progress::idle; }

    void bind(int index, const parameter& value) override;
    bool step() override;
    void reset() noexcept override;

    [[nodiscard]] bool is_null(int column) const override;
    [[nodiscard]] std::int64_t integer(int column) const override;
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const override;
    [[nodiscard]] double real(int column) const override;
    [[nodiscard]] std::string_view text(int column) const override;

private:
    enum class progress { idle, taken, stepping, done };

    void begin();
    [[noreturn]] void fail(int code) const;

    connection& connection_;
    const std::string owner_;
    sqlite3_stmt* handle_ = nullptr;
    int placeholders_ = 0;
    int bound_ = 0; ///< the highest index that has a value
    progress progress_ = progress::idle;
};

} // namespace atrium::storage::sqlite
