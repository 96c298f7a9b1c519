#include "sqlite/file_lock.hpp"

#include <storage/sqlite/database.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace atrium::storage::sqlite {
namespace {

std::string reason(int code) {
    return std::system_category().message(code);
}

/// " (process 4711)", or nothing where the holder has not written its number yet.
std::string holder(int descriptor) {
    std::array<char, 32> digits{};
    const auto read = ::pread(descriptor, digits.data(), digits.size(), 0);
    const std::string_view text{digits.data(), read > 0 ? static_cast<std::size_t>(read) : 0};
    const auto end = text.find_first_not_of("0123456789");
    const auto number = text.substr(0, end);
    return number.empty() ? std::string{} : " (process " + std::string{number} + ")";
}

} // namespace

file_lock::file_lock(const std::filesystem::path& file, use how) : descriptor_{-1}, use_{how} {
    auto path = file;
    path += ".lock";
    const bool serves = how == use::serve;
    descriptor_ = ::open(path.c_str(), serves ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0644);
    if (descriptor_ < 0 && !serves && errno == ENOENT)
        return;
    if (descriptor_ < 0)
        throw open_error{path.string() + " cannot be " + (serves ? "written: " : "read: ") + reason(errno) +
                         "; the server needs to write in the folder of its database"};

    if (::flock(descriptor_, (serves ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        const int code = errno;
        const auto whom = code == EWOULDBLOCK ? holder(descriptor_) : std::string{};
        ::close(descriptor_);
        if (code != EWOULDBLOCK)
            throw open_error{path.string() + " cannot be locked: " + reason(code)};
        throw open_error{file.string() + " is in use by another atrium" + whom +
                         "; stop that one, or give this one a file of its own (storage.path)"};
    }
    if (!serves)
        return;

    // The number only serves the message above, so failing to write it is no reason not to start.
    const auto number = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor_, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptor_, number.data(), number.size(), 0);
}

file_lock::~file_lock() {
    if (descriptor_ < 0)
        return;
    if (use_ == use::serve) [[maybe_unused]]
        const auto emptied = ::ftruncate(descriptor_, 0);
    ::close(descriptor_);
}

} // namespace atrium::storage::sqlite
