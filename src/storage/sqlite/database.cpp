#include "sqlite/connection.hpp"
#include "sqlite/damage_report.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/file_watch.hpp"
#include "sqlite/group_commit.hpp"
#include "sqlite/library_log.hpp"
#include "sqlite/migrator.hpp"
#include "sqlite/read_gate.hpp"
#include "sqlite/readers.hpp"
#include "sqlite/schema_reader.hpp"
#include "sqlite/waiting_write.hpp"
#include "sqlite/writer.hpp"

#include <base/computation.hpp>
#include <storage/sqlite/database.hpp>

#include <boost/asio/async_result.hpp>

#include <sqlite3.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

/// Creates a folder and its parents, accessible only to their owner, because the database contains email addresses.
void make_folder(const std::filesystem::path& folder) {
    if (std::filesystem::is_directory(folder))
        return;
    if (std::filesystem::exists(folder))
        throw std::filesystem::filesystem_error{"mkdir", folder, std::make_error_code(std::errc::not_a_directory)};
    make_folder(folder.parent_path());
    if (::mkdir(folder.c_str(), S_IRWXU) == 0)
        ::chmod(folder.c_str(), S_IRWXU); // independently of the umask
    else if (errno != EEXIST)
        throw std::filesystem::filesystem_error{"mkdir", folder, {errno, std::system_category()}};
}

/// Returns the path of the database after creating its folder.
std::filesystem::path prepared_path(const std::filesystem::path& file) {
    auto path = canonical_path(file);
    try {
        make_folder(path.parent_path());
    } catch (const std::filesystem::filesystem_error& e) {
        throw open_error{"the folder " + path.parent_path().string() + " cannot be created: " + e.code().message() +
                         "; create it, or name another file (storage.path)"};
    }
    return path;
}

/// Decides what to do with the write-ahead log when the database is closed, depending on where the database file is.
group_commit::log_ending log_ending_for(file_watch::whereabouts location) {
    using enum file_watch::whereabouts;
    switch (location) {
    case in_place: return group_commit::log_ending::removed;
    case moved:
    case removed:
    case replaced:
    case log_lost:
        return group_commit::log_ending::emptied; // otherwise SQLite would apply the log to the next file at this path
    case index_lost: break;
    }
    return group_commit::log_ending::untouched;
}

/// Returns a function whose first call calls `function`, and whose other calls do nothing, even on other threads.
std::function<void()> make_single_call(std::function<void()> function) {
    return [function = std::move(function), called = std::make_shared<std::atomic<bool>>(false)] {
        if (function && !called->exchange(true))
            function();
    };
}

} // namespace

/// The members are in the order of their lifetimes.
struct sqlite_database::impl {
    impl(settings s, std::span<const schema> schemas, metrics::registry& metrics, const logger& log)
        : path{prepared_path(s.path)}, lock{std::in_place, path}, watch{path, lock->descriptor(), log}, damage{path, log},
          library{log}, gate{metrics},
          connection{open_or_explain(
              path, [&] { return std::make_unique<sqlite::connection>(path, connection::access::read_write); })},
          migrations{open_or_explain(path, [&] { return migrator{*connection, schemas, log}; })},
          readers{path, watch, damage, s.read_limit}, writer{*connection, gate, watch, s, metrics, log} {
        connection->report_damage_to(damage);
        show_size_of_log(metrics);
        lock->adopt(log);
    }

    void show_size_of_log(metrics::registry& metrics) const {
        const auto size = metrics.gauge("atrium_storage_wal_bytes", "Size of the write-ahead log (-wal) in bytes");
        metrics.before_render([size, log = companion_path(path, "-wal")] {
            std::error_code absent;
            const auto bytes = std::filesystem::file_size(log, absent);
            size.set(absent ? 0 : static_cast<double>(bytes));
        });
    }

    /// Runs a read that is held back. The database and the caller's store may be destroyed while the read waits, so `self` and
    /// `owner` are copies.
    static awaitable<result<>> read_later(std::shared_ptr<impl> self, std::string owner, read_task& task) {
        co_await self->gate.wait_until_open();
        self->gate.enter();
        const read_gate::visit inside{self->gate};
        co_return self->readers.run(owner, task);
    }

    void require_not_started(const std::string& function) const {
        if (was_started)
            throw std::logic_error{function + " must be called before start"};
    }

    const std::filesystem::path path;
    std::optional<file_lock> lock;
    file_watch watch;
    damage_report damage;
    library_log library;
    read_gate gate;
    std::unique_ptr<sqlite::connection> connection;
    migrator migrations;
    sqlite::readers readers;
    sqlite::writer writer;
    std::atomic<bool> was_started = false;
    std::mutex closing; ///< a second call of `close` waits for the first one
    bool is_closed = false;
};

sqlite_database::sqlite_database(settings s, std::span<const schema> schemas, metrics::registry& metrics, logger log)
    : impl_{std::make_shared<impl>(std::move(s), schemas, metrics, log)} {}

sqlite_database::~sqlite_database() {
    close();
}

std::vector<pending_migration> sqlite_database::pending() const {
    return impl_->migrations.pending();
}

std::vector<applied_migration> sqlite_database::applied() const {
    impl_->require_not_started("applied");
    return impl_->migrations.applied();
}

std::vector<pending_migration> sqlite_database::migrate() {
    impl_->require_not_started("migrate");
    return impl_->migrations.apply();
}

std::optional<table_layout> sqlite_database::find_table(std::string_view name) const {
    impl_->require_not_started("find_table");
    return read_table(*impl_->connection, name);
}

std::vector<std::string> sqlite_database::tables_without_index(std::string_view query) const {
    impl_->require_not_started("tables_without_index");
    return read_tables_without_index(*impl_->connection, query);
}

void sqlite_database::start(std::function<void()> on_broken) {
    if (!impl_->migrations.pending().empty())
        throw open_error{impl_->path.string() + " has pending migrations; run: atrium migrate"};
    if (impl_->was_started.exchange(true))
        throw std::logic_error{"a database can be started only once"};
    const auto report = make_single_call(std::move(on_broken));
    impl_->watch.start(report);
    impl_->writer.start(report);
}

void sqlite_database::close() {
    const std::lock_guard lock{impl_->closing};
    if (std::exchange(impl_->is_closed, true))
        return;
    impl_->was_started = true; // `migrate` and `start` are refused from now on
    impl_->writer.stop();      // runs the waiting writes
    impl_->readers.close();
    impl_->watch.stop();
    const auto where = impl_->watch.look();
    const bool is_complete = impl_->writer.finish(log_ending_for(where));
    impl_->connection.reset();
    if (is_complete)
        impl_->lock->forget_log();
    if (where == file_watch::whereabouts::moved)
        impl_->lock->expect_return();
    impl_->lock.reset();
}

bool sqlite_database::holds_reads_back() const noexcept {
    return impl_->gate.is_closed();
}

awaitable<result<>> sqlite_database::read(std::string_view owner, read_task& task) {
    if (impl_->gate.try_enter()) [[likely]] {
        const read_gate::visit inside{impl_->gate};
        co_return impl_->readers.run(owner, task);
    }
    co_return co_await impl::read_later(impl_, std::string{owner}, task);
}

awaitable<result<>> sqlite_database::write(std::string_view owner, write_priority priority, write_task& task) {
    // The queue contains an object that owns the suspended coroutine, and a cancellation of the coroutine reaches this object.
    // A coroutine that is cancelled after its function has begun still gets the actual result here, and `operation_aborted` at
    // its next await.
    auto submit = [&writer = impl_->writer](auto handler, std::string_view owner_name, write_priority line, write_task* work) {
        using waiting = suspended_write<decltype(handler)>;
        writer.submit(std::make_unique<waiting>(owner_name, line, *work, std::move(handler)));
    };
    auto token = use_awaitable;
    using ended = void(std::exception_ptr, result<>);
    const computation::pause measurement_pause;
    co_return co_await asio::async_initiate<decltype(token), ended>(submit, token, owner, priority, &task);
}

result<> sqlite_database::healthy() const {
    if (auto in_place = impl_->watch.state(); !in_place)
        return in_place;
    auto sound = impl_->damage.state();
    return sound ? impl_->writer.healthy() : sound;
}

bool sqlite_database::has_lost_file() const {
    return impl_->watch.state().has_error();
}

} // namespace atrium::storage::sqlite
