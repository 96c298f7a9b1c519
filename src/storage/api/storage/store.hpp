#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <storage/sql.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace atrium::storage {

/// The database failed in a way that no input explains. Its text is for the log, never for a client.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The database cannot work at this time, whatever it is asked: disk full, I/O error, out of memory, locked. Other failures (a
/// constraint that a statement breaks, faulty SQL, a denied table) are the asker's and would happen again.
class outage : public failure, public temporary {
public:
    using failure::failure;
};

/// Which line a write waits in.
enum class lane {
    request,  ///< bounded: a full queue refuses with `errc::unavailable` and a `retry_after`
    internal, ///< completions, intake, relay: never refused, so that work that was accepted can finish
};

/// A function handed to the database, with its type taken off; lives in the frame of the coroutine that waits for it.
class read_task {
public:
    virtual void run(snapshot& s) = 0;

protected:
    ~read_task() = default;
};

class write_task {
public:
    /// Runs inside its own savepoint; false undoes it. May run more than once; a throw undoes it too.
    virtual bool run(transaction& t) = 0;

protected:
    ~write_task() = default;
};

/// A database as the store sees it: runs tasks for owners. One implementation for SQLite.
class database {
public:
    virtual ~database() = default;

    /// Runs the task on a read-only connection of the calling thread. It may suspend before the task runs, for a bounded time,
    /// and never after it. Errors: unavailable (the read took longer than allowed).
    virtual awaitable<result<>> read(std::string_view owner, read_task& task) = 0;

    /// Whether reads are held back at the moment, so that `read` would suspend for up to some seconds.
    [[nodiscard]] virtual bool holds_reads_back() const noexcept { return false; }

    /// Runs the task on the writer and resumes the caller on its own executor once the result is on disk. Errors: unavailable
    /// (queue full, shutting down, or cancelled before it ran). What the task threw is thrown here.
    ///
    /// Cancelled before it ran, it changes nothing. Cancelled later, the caller still gets the true result. The cancellation
    /// stays in force either way: what the caller awaits next throws `operation_aborted`.
    virtual awaitable<result<>> write(std::string_view owner, lane in, write_task& task) = 0;
};

/// What a module sees of the database: its own tables, read and written by functions that run SQL and return a `result`.
///
///     auto found = co_await store.read([&](snapshot& s) -> result<user> { ... });
///     auto made = co_await store.write([&](transaction& t) -> result<user> { ... });
///
/// A function must not suspend, and may run again from its start (a rolled-back batch, later another database), so it sets what
/// it captures anew each time. An `error` it returns undoes what it did. A cheap value; any thread that runs an `io_context`.
class store {
public:
    store(database& d, std::string owner) : database_{&d}, owner_{std::move(owner)} {}

    /// The name that this store's tables begin with.
    [[nodiscard]] const std::string& owner() const noexcept { return owner_; }

    template <class F>
    awaitable<std::invoke_result_t<F&, snapshot&>> read(F function) const {
        using outcome = std::invoke_result_t<F&, snapshot&>;
        struct task final : read_task {
            explicit task(F& f) : function{f} {}
            void run(snapshot& s) override { got.emplace(function(s)); }
            F& function;
            std::optional<outcome> got;
        } work{function};

        if (auto ran = co_await database_->read(owner_, work); !ran)
            co_return ran.error();
        co_return *std::move(work.got);
    }

    /// See `database`. For those who have something else to answer with.
    [[nodiscard]] bool holds_reads_back() const noexcept { return database_->holds_reads_back(); }

    template <class F>
    awaitable<std::invoke_result_t<F&, transaction&>> write(F function, lane in = lane::request) const {
        using outcome = std::invoke_result_t<F&, transaction&>;
        struct task final : write_task {
            explicit task(F& f) : function{f} {}
            bool run(transaction& t) override {
                got.emplace(function(t));
                return got->has_value();
            }
            F& function;
            std::optional<outcome> got;
        } work{function};

        if (auto ran = co_await database_->write(owner_, in, work); !ran)
            co_return ran.error();
        co_return *std::move(work.got);
    }

private:
    database* database_;
    std::string owner_;
};

} // namespace atrium::storage
