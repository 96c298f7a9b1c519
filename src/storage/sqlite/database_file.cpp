#include "sqlite/database_file.hpp"

#include <system_error>

namespace atrium::storage::sqlite {

std::filesystem::path canonical_path(const std::filesystem::path& file) {
    if (file.empty())
        throw open_error{"the database needs a file (storage.path)"};
    std::error_code error_code;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), error_code);
    // `weakly_canonical` resolves all links that lead to something. So a path that is still a link leads to a file that does
    // not exist.
    while (!error_code && std::filesystem::is_symlink(path)) {
        const auto target = std::filesystem::read_symlink(path, error_code);
        if (!error_code)
            path = std::filesystem::weakly_canonical(path.parent_path() / target, error_code);
    }
    if (error_code)
        throw open_error{file.string() + " cannot be reached: " + error_code.message()};
    if (std::filesystem::is_directory(path, error_code))
        throw open_error{path.string() + " is a folder; the database needs a file (storage.path)"};
    return path;
}

} // namespace atrium::storage::sqlite
