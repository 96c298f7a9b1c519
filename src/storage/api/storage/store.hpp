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

/// The database could not do what the code requested. The cause is not the input of a client. The text is for the log and must
/// not be sent to a client.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The database currently cannot work, whatever the request is: it is locked or damaged, the disk is full, memory is exhausted,
/// or there is an I/O error. Other failures (a violated constraint, invalid SQL, a denied table) are the caller's fault and
/// would happen again if the caller tried again.
class outage : public failure, public temporary {
public:
    using failure::failure;
};

/// The queue in which a write waits.
enum class write_priority {
    request,  ///< bounded: a full queue refuses the write with `errc::unavailable` and a `retry_after`
    internal, ///< work of the event bus, such as deliveries: never refused because of load, so that accepted work can finish
};

/// A type-erased function for the database. It lives in the frame of the coroutine that waits for its result.
class read_task {
public:
    virtual void run(snapshot& s) = 0;

protected:
    ~read_task() = default;
};

class write_task {
public:
    /// Runs inside its own savepoint, which is undone if it returns false or throws. May be called more than once.
    virtual bool run(transaction& t) = 0;

protected:
    ~write_task() = default;
};

/// A database as the store uses it: it runs tasks for owners (modules and the part `events`). Implemented for SQLite.
class database {
public:
    virtual ~database() = default;

    /// Runs the task on the calling thread's read-only connection. May suspend for a bounded time before the task runs, but
    /// never after it. Errors: unavailable (the read took longer than allowed, or the database is closed or its file is
    /// missing).
    virtual awaitable<result<>> read(std::string_view owner, read_task& task) = 0;

    /// Whether reads are being held back, so that `read` could suspend for several seconds.
    [[nodiscard]] virtual bool holds_reads_back() const noexcept { return false; }

    /// Runs the task on the writer and resumes the caller on the caller's executor once the result is on disk. Errors:
    /// unavailable (the queue is full, the database is closing or has failed, its file is missing, or the write was cancelled
    /// before it ran). Rethrows what the task throws.
    ///
    /// A write that is cancelled before it runs changes nothing. If it is cancelled later, the caller still gets its actual
    /// result. The cancellation stays in effect in both cases: the caller's next await throws `operation_aborted`.
    virtual awaitable<result<>> write(std::string_view owner, write_priority priority, write_task& task) = 0;
};

/// A module's access to the database: functions that run SQL on the module's own tables and return a `result`.
///
///     auto found = co_await store.read([&](snapshot& s) -> result<user> { ... });
///     auto created = co_await store.write([&](transaction& t) -> result<user> { ... });
///
/// A function must not suspend. It may run again from its start (after its batch was rolled back), so each time it must reset
/// the captured variables that it changes. If it returns an `error`, its changes are undone. A store is cheap to copy and can
/// be used on any thread that runs an `io_context`.
class store {
public:
    store(database& d, std::string owner) : database_{&d}, owner_{std::move(owner)} {}

    /// The prefix of this store's table names.
    [[nodiscard]] const std::string& owner() const noexcept { return owner_; }

    template <class F>
    awaitable<std::invoke_result_t<F&, snapshot&>> read(F function) const {
        using outcome = std::invoke_result_t<F&, snapshot&>;
        struct task final : read_task {
            explicit task(F& f) : function{f} {}
            void run(snapshot& s) override { function_result.emplace(function(s)); }
            F& function;
            std::optional<outcome> function_result;
        } work{function};

        if (auto status = co_await database_->read(owner_, work); !status)
            co_return status.error();
        co_return *std::move(work.function_result);
    }

    /// See `database::holds_reads_back`. A caller can check this and respond immediately instead of waiting.
    [[nodiscard]] bool holds_reads_back() const noexcept { return database_->holds_reads_back(); }

    template <class F>
    awaitable<std::invoke_result_t<F&, transaction&>> write(F function,
                                                            write_priority priority = write_priority::request) const {
        using outcome = std::invoke_result_t<F&, transaction&>;
        struct task final : write_task {
            explicit task(F& f) : function{f} {}
            bool run(transaction& t) override {
                function_result.emplace(function(t));
                return function_result->has_value();
            }
            F& function;
            std::optional<outcome> function_result;
        } work{function};

        if (auto status = co_await database_->write(owner_, priority, work); !status)
            co_return status.error();
        co_return *std::move(work.function_result);
    }

private:
    database* database_;
    std::string owner_;
};

} // namespace atrium::storage
