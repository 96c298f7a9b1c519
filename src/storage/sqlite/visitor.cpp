#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/inspected_file.hpp"
#include "sqlite/snapshot.hpp"
#include "sqlite/transaction.hpp"

#include <storage/sqlite/visitor.hpp>

#include <utility>

namespace atrium::storage::sqlite {
namespace {

/// Returns the resolved path of an existing and up-to-date database.
std::filesystem::path checked_path(const std::filesystem::path& file, std::span<const schema> schemas) {
    auto path = canonical_path(file);
    const inspected_file found{path, schemas, logger{}};
    if (!found.migrations().pending().empty())
        throw open_error{path.string() + " has pending migrations; run: atrium migrate"};
    return path;
}

} // namespace

struct visitor::impl {
    impl(const std::filesystem::path& path, std::string o)
        : owner{std::move(o)},
          connection{open_or_explain(
              path, [&] { return std::make_unique<sqlite::connection>(path, connection::access::read_write); })},
          transaction{*connection} {}

    const std::string owner;
    std::unique_ptr<sqlite::connection> connection;
    sqlite_transaction transaction;
    command begin_reading{*connection, "BEGIN"};
    command begin_writing{*connection, "BEGIN IMMEDIATE"};
    command commit{*connection, "COMMIT"};
    command roll_back{*connection, "ROLLBACK"};

    /// Rolls back the transaction if it is still open.
    struct guard {
        impl& all;
        ~guard() {
            if (all.connection->is_in_transaction())
                (void)all.roll_back.run();
        }
    };
};

visitor::visitor(const std::filesystem::path& file, std::span<const schema> schemas, std::string owner)
    : impl_{std::make_unique<impl>(checked_path(file, schemas), std::move(owner))} {}

visitor::~visitor() = default;

void visitor::run(read_task& task) {
    impl_->begin_reading.run_or_throw();
    const impl::guard ends{*impl_};
    sqlite_snapshot view{*impl_->connection, impl_->owner};
    task.run(view);
}

void visitor::run(write_task& task) {
    impl_->begin_writing.run_or_throw();
    const impl::guard ends{*impl_};
    impl_->transaction.begin_function(impl_->owner);
    const bool keep = task.run(impl_->transaction);
    impl_->transaction.end_function(keep);
    impl_->transaction.forget_listeners(); // no listener may be called here, because listeners belong to a server
    if (keep)
        impl_->commit.run_or_throw();
}

} // namespace atrium::storage::sqlite
