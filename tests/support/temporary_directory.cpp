#include <support/temporary_directory.hpp>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace atrium::support {

temporary_directory::temporary_directory() {
    auto name = (std::filesystem::temp_directory_path() / "atrium-test-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw std::system_error{errno, std::generic_category(), "cannot create a temporary folder"};
    path_ = name;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    // A test may have removed the permissions that are needed to delete files.
    for (const auto& entry : std::filesystem::recursive_directory_iterator{path_, ignored})
        if (entry.is_directory(ignored) && !entry.is_symlink(ignored))
            std::filesystem::permissions(entry, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
}

} // namespace atrium::support
