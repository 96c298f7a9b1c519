#include "file_owner.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace atrium::app {

void act_as_owner_of(const std::filesystem::path& file) {
    if (::geteuid() != 0)
        return;
    struct ::stat facts{};
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    if (::stat(file.c_str(), &facts) != 0 && ::stat(folder.c_str(), &facts) != 0)
        return; // the folder does not exist either; root creates and owns both
    if (facts.st_uid == 0)
        return;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(facts.st_gid, facts.st_gid, facts.st_gid) != 0 ||
        ::setresuid(facts.st_uid, facts.st_uid, facts.st_uid) != 0)
        throw std::system_error{errno, std::generic_category(), "cannot act as the owner of " + file.string()};
}

} // namespace atrium::app
