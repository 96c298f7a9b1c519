#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/migrator.hpp"
#include "sqlite/readers.hpp"
#include "sqlite/waiting_write.hpp"
#include "sqlite/writer.hpp"

#include <storage/sqlite/database.hpp>

#include <boost/asio/async_result.hpp>

#include <sqlite3.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

/// Where the database is. Makes its folder.
std::filesystem::path prepared_path(const std::filesystem::path& wanted) {
    auto path = canonical_path(wanted);
    std::error_code trouble;
    std::filesystem::create_directories(path.parent_path(), trouble);
    if (trouble)
        throw open_error{"the folder " + path.parent_path().string() + " cannot be made: " + trouble.message() +
                         "; make it, or name another file (storage.path)"};
    return path;
}

} // namespace

/// In the order in which things live.
struct sqlite_database::impl {
    impl(settings s, std::span<const schema> schemas, metrics::registry& metrics, const logger& log)
        : path{prepared_path(s.path)}, lock{std::in_place, path, file_lock::use::serve},
          connection{opening(path, [&] { return std::make_unique<sqlite::connection>(path, connection::access::read_write); })},
          migrations{opening(path,
                             [&] {
                                 return migrator{*connection, schemas, log};
                             })},
          readers{path, s.read_limit}, writer{*connection, s, metrics, log} {}

    const std::filesystem::path path;
    std::optional<file_lock> lock;
    std::unique_ptr<sqlite::connection> connection;
    migrator migrations;
    sqlite::readers readers;
    sqlite::writer writer;
    std::atomic<bool> was_started = false;
    std::mutex closing; ///< whoever calls `close` second waits for the first
    bool is_closed = false;
};

sqlite_database::sqlite_database(settings s, std::span<const schema> schemas, metrics::registry& metrics, logger log)
    : impl_{std::make_unique<impl>(std::move(s), schemas, metrics, log)} {}

sqlite_database::~sqlite_database() {
    close();
}

std::vector<pending_migration> sqlite_database::pending() const {
    return impl_->migrations.pending();
}

std::vector<pending_migration> sqlite_database::migrate() {
    if (impl_->was_started)
        throw std::logic_error{"migrate comes before start"};
    return impl_->migrations.apply();
}

void sqlite_database::start(std::function<void()> on_broken) {
    if (!impl_->migrations.pending().empty())
        throw open_error{impl_->path.string() + " is behind this program; run: atrium migrate"};
    if (impl_->was_started.exchange(true))
        throw std::logic_error{"a database is started once"};
    impl_->writer.start(std::move(on_broken));
}

void sqlite_database::close() {
    const std::lock_guard lock{impl_->closing};
    if (std::exchange(impl_->is_closed, true))
        return;
    impl_->was_started = true; // too late for `migrate` and `start`
    impl_->writer.stop();      // what waits is carried out
    impl_->readers.close();
    impl_->writer.finish();
    impl_->connection.reset();
    impl_->lock.reset();
}

awaitable<result<>> sqlite_database::read(std::string_view owner, read_task& task) {
    co_return impl_->readers.run(owner, task);
}

awaitable<result<>> sqlite_database::write(std::string_view owner, lane in, write_task& task) {
    // The suspended coroutine goes into the queue as the object that owns it. Its cancellation reaches that object; a coroutine
    // that was cancelled too late still gets the true result here, and `operation_aborted` at whatever it awaits next.
    auto submit = [&writer = impl_->writer](auto handler, std::string_view of, lane line, write_task* work) {
        using waiting = suspended_write<decltype(handler)>;
        writer.submit(std::make_unique<waiting>(of, line, *work, std::move(handler)));
    };
    auto token = use_awaitable;
    using ended = void(std::exception_ptr, result<>);
    co_return co_await asio::async_initiate<decltype(token), ended>(submit, token, owner, in, &task);
}

result<> sqlite_database::healthy() const {
    return impl_->writer.healthy();
}

} // namespace atrium::storage::sqlite
