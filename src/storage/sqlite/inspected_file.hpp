#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/migrator.hpp"

#include <base/log.hpp>
#include <storage/migration.hpp>
#include <storage/store.hpp>

#include <sys/types.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace atrium::storage::sqlite {

/// A database that is read but not changed. A server may be using the file. If no server uses it, no lock is taken, and
/// no file is created or changed next to it. Used by one thread.
class inspected_file {
public:
    /// Throws `open_error` if the file cannot be used as a database of this program, for a reason other than that a server is
    /// using it.
    inspected_file(const std::filesystem::path& file, std::span<const schema> expected, logger log);

    /// The comparison of the migrations recorded in the file with the expected ones.
    [[nodiscard]] const migrator& migrations() const noexcept { return current_->migrations; }

    /// Calls `function` with a connection to the file and returns its result. Calls `function` again with a new connection if a
    /// program has written to the file, or a server has begun to use it, in the meantime.
    template <class Function>
    [[nodiscard]] auto look(Function function) {
        try {
            auto found = function(*current_->connection);
            if (!was_disturbed())
                return found;
        } catch (const failure&) {
            if (!was_disturbed())
                throw;
        }
        reopen_beside_server();
        return function(*current_->connection);
    }

private:
    /// The identities, sizes and times of a database's files. Two stamps differ if a program has written to the files in
    /// between.
    struct file_stamp {
        explicit file_stamp(const std::filesystem::path& file);
        bool operator==(const file_stamp&) const = default;

        std::vector<std::tuple<ino_t, off_t, std::time_t, long>> file_states;
    };

    /// A connection, and the migrations recorded in the file.
    struct view {
        view(const std::filesystem::path& path, connection::access mode, std::span<const schema> schemas, const logger& log);

        std::unique_ptr<sqlite::connection> connection;
        migrator migrations;
    };

    [[nodiscard]] bool was_disturbed() const;
    void reopen_beside_server();

    const std::filesystem::path path_;
    const std::vector<schema> schemas_;
    const logger log_;
    const file_stamp stamp_at_opening_;
    bool is_beside_server_ = false;
    std::optional<view> current_;
};

} // namespace atrium::storage::sqlite
