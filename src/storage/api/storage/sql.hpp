#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace atrium::storage {

/// A value that can be bound to a placeholder. It does not copy a text, so the text must outlive it. Text is UTF-8.
class parameter {
public:
    parameter(std::nullptr_t) noexcept : value_{nullptr} {}
    template <class T>
        requires std::is_integral_v<T>
    parameter(T number) noexcept : value_{static_cast<std::int64_t>(number)} {}
    parameter(double number) noexcept : value_{number} {}
    parameter(std::string_view text) noexcept : value_{text} {}
    parameter(const std::string& text) noexcept : value_{std::string_view{text}} {}
    parameter(const char* text) noexcept : value_{std::string_view{text}} {}
    parameter(timestamp when) noexcept : value_{static_cast<std::int64_t>(when.time_since_epoch().count())} {}
    template <class Tag>
    parameter(id<Tag> key) noexcept : value_{key.value} {}
    template <class T>
    parameter(const std::optional<T>& maybe) noexcept : parameter{maybe ? parameter{*maybe} : parameter{nullptr}} {}

    using variant = std::variant<std::nullptr_t, std::int64_t, double, std::string_view>;
    [[nodiscard]] const variant& value() const noexcept { return value_; }

private:
    variant value_;
};

/// One prepared statement while it runs. Each implementation of `database` has its own. Modules use a statement only through
/// `cursor`.
class statement {
public:
    virtual ~statement() = default;
    virtual void bind(int index, const parameter& value) = 0; ///< `index` counts from 1
    virtual bool step() = 0;                                  ///< false if there are no more rows
    /// Ends the use of the statement: clears its bindings and returns the statement to its cache.
    virtual void reset() noexcept = 0;

    [[nodiscard]] virtual bool is_null(int column) const = 0; ///< columns count from 0
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual std::optional<std::int64_t> optional_integer(int column) const = 0;
    [[nodiscard]] virtual double real(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0; ///< valid until the next step
};

/// Reads the rows of a query one by one. Each row is valid until the next one is read. Must not outlive the snapshot or
/// transaction that returned it.
///
///     for (auto rows = s.query("SELECT id, name FROM users_account WHERE id > ?1 LIMIT ?2", after, limit); rows.next();)
///         show(rows.integer(0), rows.text(1));
class cursor {
public:
    explicit cursor(statement& s) noexcept : statement_{&s} {}

    /// Moves to the next row; the first call moves to the first row. False if there are no more rows. Throws `failure`.
    [[nodiscard]] bool next() { return statement_->step(); }

    [[nodiscard]] bool is_null(int column) const { return statement_->is_null(column); }
    [[nodiscard]] std::int64_t integer(int column) const { return statement_->integer(column); }
    /// Empty if the column is null.
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const {
        return statement_->optional_integer(column);
    }
    [[nodiscard]] double real(int column) const { return statement_->real(column); }
    [[nodiscard]] std::string_view text(int column) const { return statement_->text(column); }
    [[nodiscard]] timestamp time(int column) const { return timestamp{std::chrono::milliseconds{integer(column)}}; }
    [[nodiscard]] std::optional<timestamp> optional_time(int column) const {
        const auto milliseconds = optional_integer(column);
        return milliseconds ? std::optional{timestamp{std::chrono::milliseconds{*milliseconds}}} : std::nullopt;
    }

private:
    struct statement_resetter {
        void operator()(statement* s) const noexcept { s->reset(); }
    };
    std::unique_ptr<statement, statement_resetter> statement_;
};

/// Runs SQL as one owner on one consistent state of the database: a module can use the tables whose names begin with its own
/// name (`users_account` for `users`) and no others.
///
/// Placeholders are `?1`, `?2`, ...; values are always bound, and SQL is built from literals only. Each text is prepared once
/// per connection and owner, and again only if hundreds of other texts have been used since then. Database errors are
/// exceptions (`storage::failure`) and not values, because no input of a client causes them.
class snapshot {
public:
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;

    template <class... A>
    [[nodiscard]] cursor query(std::string_view sql, const A&... values) {
        auto& s = prepare(sql);
        cursor rows{s}; // resets the statement even if binding throws
        int index = 0;
        (s.bind(++index, parameter{values}), ...);
        return rows;
    }

    /// Like `query`, for statements that are built at run time. `values` are in the order of the placeholders.
    [[nodiscard]] cursor query_with(std::string_view sql, std::span<const parameter> values) {
        auto& s = prepare(sql);
        cursor rows{s};
        int index = 0;
        for (const auto& value : values)
            s.bind(++index, value);
        return rows;
    }

    /// The first column of the first row as a number; empty if there is no row or the column is null.
    template <class... A>
    [[nodiscard]] std::optional<std::int64_t> query_integer(std::string_view sql, const A&... values) {
        auto rows = query(sql, values...);
        return rows.next() ? rows.optional_integer(0) : std::nullopt;
    }

protected:
    snapshot() = default;
    virtual ~snapshot() = default;

    /// A cached statement for this text and the current owner, without bound values. Opening a second cursor on the same text
    /// while the first is open is a programming error and throws `std::logic_error`.
    virtual statement& prepare(std::string_view sql) = 0;
};

/// An object that is notified after a commit, on the writer's thread, before the callers that wait for this commit are resumed.
/// `committed` must not block.
class commit_listener {
public:
    virtual ~commit_listener() = default;
    virtual void committed() noexcept = 0;
};

/// A snapshot that can also change data. Either all changes of the function that was passed to `store::write` are kept, or all
/// are undone. If they are kept, they are on disk when the caller of `store::write` is resumed.
class transaction : public snapshot {
public:
    /// Runs one statement that returns no rows. Returns the number of rows that it changed.
    template <class... A>
    std::int64_t execute(std::string_view sql, const A&... values) {
        auto rows = query(sql, values...);
        while (rows.next()) {
        }
        return changes();
    }

    /// Like `execute`, for statements that are built at run time.
    std::int64_t execute_with(std::string_view sql, std::span<const parameter> values) {
        auto rows = query_with(sql, values);
        while (rows.next()) {
        }
        return changes();
    }

    /// The id (INTEGER PRIMARY KEY) of the row that was inserted last.
    [[nodiscard]] virtual std::int64_t last_insert_id() const = 0;

    /// Calls `listener.committed()` once when the changes of this function are committed, and never if they are not. `listener`
    /// must outlive the store.
    virtual void after_commit(commit_listener& listener) = 0;

    /// Runs `body` in a savepoint inside this transaction. Its changes are undone if it returns false or throws; an exception
    /// is passed on to the caller.
    template <class F>
    bool nested(F&& body) {
        begin_nested();
        try {
            const bool keep = std::forward<F>(body)();
            end_nested(keep);
            return keep;
        } catch (...) {
            end_nested(false);
            throw;
        }
    }

protected:
    transaction() = default;
    ~transaction() override = default;

    [[nodiscard]] virtual std::int64_t changes() const = 0;
    virtual void begin_nested() = 0;
    virtual void end_nested(bool keep) = 0;

private:
    friend class acting_as;
    /// Statements prepared from now on belong to `owner`. Returns the previous owner.
    virtual std::string_view exchange_owner(std::string_view owner) noexcept = 0;
};

/// While this object exists, the transaction works on another owner's tables. This is only for parts that connect modules: the
/// journal writes its rows in the publisher's transaction as `events`, and runs a module's handler as that module.
class acting_as {
public:
    /// `owner` must outlive this object.
    acting_as(transaction& t, std::string_view owner) noexcept : transaction_{t}, previous_owner_{t.exchange_owner(owner)} {}
    ~acting_as() { transaction_.exchange_owner(previous_owner_); }
    acting_as(const acting_as&) = delete;
    acting_as& operator=(const acting_as&) = delete;

private:
    transaction& transaction_;
    std::string_view previous_owner_;
};

} // namespace atrium::storage
