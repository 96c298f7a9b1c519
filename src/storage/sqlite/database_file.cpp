#include "sqlite/database_file.hpp"

#include <system_error>

namespace atrium::storage::sqlite {

std::filesystem::path canonical_path(const std::filesystem::path& wanted) {
    if (wanted.empty())
        throw open_error{"the database needs a file (storage.path)"};
    std::error_code trouble;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(wanted), trouble);
    while (!trouble && std::filesystem::is_symlink(
                           path)) { // this is a link whose target does not exist, because other links have been resolved
        const auto target = std::filesystem::read_symlink(path, trouble);
        if (!trouble)
            path = std::filesystem::weakly_canonical(path.parent_path() / target, trouble);
    }
    if (trouble)
        throw open_error{wanted.string() + " cannot be reached: " + trouble.message()};
    if (std::filesystem::is_directory(path, trouble))
        throw open_error{path.string() + " is a folder; the database needs a file (storage.path)"};
    return path;
}

} // namespace atrium::storage::sqlite
