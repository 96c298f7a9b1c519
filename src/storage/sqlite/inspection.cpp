#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/migrator.hpp"

#include <storage/sqlite/inspection.hpp>

#include <unistd.h>

#include <system_error>

namespace atrium::storage::sqlite {
namespace {

std::unique_ptr<connection> open_untouched(const std::filesystem::path& file) {
    if (::access(file.c_str(), W_OK) != 0 && errno != ENOENT)
        throw failure{"there is no right to write to it"};
    return std::make_unique<connection>(file, connection::access::untouched);
}

/// SQLite's index of the write-ahead log, which it makes where there is a log without one.
class index_file {
public:
    explicit index_file(const std::filesystem::path& database) : path_{database} {
        path_ += "-shm";
        std::error_code ignored;
        was_there_ = std::filesystem::exists(path_, ignored);
    }
    ~index_file() {
        std::error_code ignored;
        if (!was_there_)
            std::filesystem::remove(path_, ignored);
    }
    index_file(const index_file&) = delete;
    index_file& operator=(const index_file&) = delete;

private:
    std::filesystem::path path_;
    bool was_there_;
};

} // namespace

/// In the order in which things live.
struct inspection::impl {
    impl(const std::filesystem::path& file, std::span<const schema> schemas, logger log)
        : path{canonical_path(file)}, lock{path, file_lock::use::look}, index{path},
          connection{opening(path, [&] { return open_untouched(path); })}, migrations{opening(path, [&] {
              return migrator{*connection, schemas, std::move(log)};
          })} {}

    const std::filesystem::path path;
    file_lock lock;
    index_file index;
    std::unique_ptr<sqlite::connection> connection;
    migrator migrations;
};

inspection::inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log)
    : impl_{std::make_unique<impl>(file, schemas, std::move(log))} {}

inspection::~inspection() = default;

std::vector<pending_migration> inspection::pending() const {
    return impl_->migrations.pending();
}

std::vector<std::string> inspection::check_integrity() {
    std::vector<std::string> findings;
    for (auto rows = impl_->connection->query("PRAGMA integrity_check"); rows.next();)
        if (rows.text(0) != "ok")
            findings.emplace_back(rows.text(0));
    return findings;
}

} // namespace atrium::storage::sqlite
