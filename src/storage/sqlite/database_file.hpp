#pragma once

#include "sqlite/connection.hpp"

#include <storage/sqlite/database.hpp>

#include <filesystem>
#include <utility>

namespace atrium::storage::sqlite {

/// The file that is meant, whatever links lead to it, so that one file has one lock. Throws `open_error` where it can be none.
[[nodiscard]] std::filesystem::path canonical_path(const std::filesystem::path& wanted);

/// Runs what opens the file; what SQLite says against it becomes plain words.
template <class F>
auto opening(const std::filesystem::path& path, F&& open) {
    try {
        return std::forward<F>(open)();
    } catch (const open_error& e) {
        throw open_error{path.string() + ": " + e.what()};
    } catch (const failure& e) {
        throw open_error{path.string() + " cannot be used as the database: " + e.what() +
                         "; see that it is a database of this program and can be written, or name another file (storage.path)"};
    }
}

} // namespace atrium::storage::sqlite
