#pragma once

#include <storage/migration.hpp>
#include <storage/store.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

namespace atrium::storage::sqlite {

/// Reads and changes the tables of one owner for a short command. A server may use the file, and may start or stop in the
/// meantime. This object does not take the lock that excludes a second server: SQLite's own locks separate the transactions of
/// several processes. Used by one thread.
class visitor {
public:
    /// Opens an existing file. Throws `open_error` if a migration of `schemas` is pending, or if the file cannot be used as a
    /// database of this program for a reason other than that a server is using it.
    visitor(const std::filesystem::path& file, std::span<const schema> schemas, std::string owner);
    ~visitor();
    visitor(const visitor&) = delete;
    visitor& operator=(const visitor&) = delete;

    /// Calls `function(snapshot&)` with one consistent state of the database, and returns its result.
    template <class F>
    std::invoke_result_t<F&, snapshot&> read(F function) {
        using outcome = std::invoke_result_t<F&, snapshot&>;
        struct task final : read_task {
            explicit task(F& f) : function{f} {}
            void run(snapshot& s) override { function_result.emplace(function(s)); }
            F& function;
            std::optional<outcome> function_result;
        } work{function};
        run(work);
        return *std::move(work.function_result);
    }

    /// Calls `function(transaction&)` and returns its `result`. Afterwards, the changes of `function` are on disk, or they are
    /// undone if the result is an error. Waits at most five seconds for a transaction of another process. If `write` throws
    /// `failure`, nothing was changed, with one exception: if the disk failed during the commit, it is unknown whether the
    /// changes were stored.
    template <class F>
    std::invoke_result_t<F&, transaction&> write(F function) {
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
        run(work);
        return *std::move(work.function_result);
    }

private:
    void run(read_task& task);
    void run(write_task& task);

    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::storage::sqlite
