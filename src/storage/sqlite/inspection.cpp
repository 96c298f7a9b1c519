#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/migrator.hpp"
#include "sqlite/schema_reader.hpp"

#include <storage/sqlite/inspection.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace atrium::storage::sqlite {
namespace {

/// The identities, sizes and times of a database's files. Two stamps differ if a program has written to the files in between.
struct file_stamp {
    explicit file_stamp(const std::filesystem::path& file) {
        for (const auto* ending : {"", "-wal"}) {
            struct stat status{};
            if (::stat(companion_path(file, ending).c_str(), &status) == 0)
                seen.emplace_back(status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        }
    }
    bool operator==(const file_stamp&) const = default;

    std::vector<std::tuple<ino_t, off_t, time_t, long>> seen;
};

/// A connection, and the migrations recorded in the file.
struct view {
    view(const std::filesystem::path& path, connection::access how, std::span<const schema> schemas, const logger& log)
        : connection{opening(path, [&] { return std::make_unique<sqlite::connection>(path, how); })},
          migrations{opening(path, [&] { return migrator{*connection, schemas, log}; })} {}

    std::unique_ptr<sqlite::connection> connection;
    migrator migrations;
};

} // namespace

struct inspection::impl {
    impl(const std::filesystem::path& file, std::span<const schema> expected, logger logger)
        : path{canonical_path(file)}, schemas{expected.begin(), expected.end()}, log{std::move(logger)}, before{path} {
        check_links(path);
        opening(path, [this] {
            if (::access(path.c_str(), W_OK) != 0 && errno != ENOENT)
                throw failure{"no permission to write to it"};
        });
        std::error_code absent;
        if (std::filesystem::file_size(path, absent) == 0 && !absent)
            check_remains(path);
        if (file_lock::is_held(path)) {
            look_beside_server();
            return;
        }
        try {
            current.emplace(path, connection::access::untouched, schemas, log);
        } catch (const open_error&) {
            if (!was_disturbed())
                throw;
            look_beside_server();
        }
    }

    /// Whether a program has written to the file, or a server has begun to use it, since it was opened without locks. What was
    /// read may then be inconsistent.
    [[nodiscard]] bool was_disturbed() const {
        return !is_beside_server && (file_lock::is_held(path) || !(before == file_stamp{path}));
    }

    /// Opens the file again like a reader of the server, with SQLite's snapshots.
    void look_beside_server() {
        current.reset();
        is_beside_server = true;
        current.emplace(path, connection::access::read_only, schemas, log);
    }

    /// Returns what `look` returns. Calls it again on a new connection if a server began to use the file in the meantime.
    template <class Look>
    [[nodiscard]] auto look_undisturbed(Look look) {
        try {
            auto found = look(*current->connection);
            if (!was_disturbed())
                return found;
        } catch (const failure&) {
            if (!was_disturbed())
                throw;
        }
        look_beside_server();
        return look(*current->connection);
    }

    const std::filesystem::path path;
    const std::vector<schema> schemas;
    const logger log;
    const file_stamp before;
    bool is_beside_server = false;
    std::optional<view> current;
};

void check_absent(const std::filesystem::path& file) {
    check_remains(canonical_path(file));
}

inspection::inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log)
    : impl_{std::make_unique<impl>(file, schemas, std::move(log))} {}

inspection::~inspection() = default;

std::vector<pending_migration> inspection::pending() const {
    return impl_->current->migrations.pending();
}

std::vector<std::string> inspection::check_integrity() {
    return impl_->look_undisturbed([](connection& connection) {
        std::vector<std::string> findings;
        for (auto rows = connection.query("PRAGMA integrity_check"); rows.next();)
            if (rows.text(0) != "ok")
                findings.emplace_back(rows.text(0));
        return findings;
    });
}

std::optional<table_layout> inspection::find_table(std::string_view name) const {
    return impl_->look_undisturbed([&](connection& connection) { return read_table(connection, name); });
}

std::vector<std::string> inspection::tables_without_index(std::string_view query) const {
    return impl_->look_undisturbed([&](connection& connection) { return read_tables_without_index(connection, query); });
}

} // namespace atrium::storage::sqlite
