#pragma once

#include "sqlite/connection.hpp"

#include <storage/sqlite/database.hpp>

#include <filesystem>
#include <utility>

namespace atrium::storage::sqlite {

/// The path of the file with all links resolved, so that a file has the same path, and thus the same FILE.lock, whichever link
/// leads to it. Throws `open_error` if no file can be at this path, for example because a folder is there.
[[nodiscard]] std::filesystem::path canonical_path(const std::filesystem::path& file);

/// Runs `open` and turns its failures into `open_error`s that explain what to do.
template <class F>
auto open_or_explain(const std::filesystem::path& path, F&& open) {
    try {
        return std::forward<F>(open)();
    } catch (const open_error& e) {
        throw open_error{path.string() + ": " + e.what()};
    } catch (const failure& e) {
        throw open_error{
            path.string() + " cannot be used as the database: " + e.what() +
            "; check that it is a database of this program and can be written, or name another file (storage.path)"};
    }
}

} // namespace atrium::storage::sqlite
