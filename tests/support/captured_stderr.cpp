#include <support/captured_stderr.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

namespace atrium::support {

captured_stderr::captured_stderr() : original_{::dup(STDERR_FILENO)} {
    const int file = ::open((folder_ / "stderr").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (original_ < 0 || file < 0 || ::dup2(file, STDERR_FILENO) < 0)
        throw std::system_error{errno, std::generic_category(), "standard error cannot be captured"};
    ::close(file);
}

captured_stderr::~captured_stderr() {
    std::fflush(stderr);
    ::dup2(original_, STDERR_FILENO);
    ::close(original_);
}

std::string captured_stderr::text() const {
    std::fflush(stderr);
    std::ifstream file{folder_ / "stderr", std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace atrium::support
