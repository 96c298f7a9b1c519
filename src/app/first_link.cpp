#include "first_link.hpp"

#include <base/environment.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>
#include <utility>

namespace atrium::app {
namespace {

constexpr const char* file_name = "first-administrator-link";

[[noreturn]] void throw_failure(const std::filesystem::path& path) {
    throw std::system_error{errno, std::generic_category(), path.string()};
}

} // namespace

secret_file::secret_file(std::filesystem::path path, std::string_view text) : path_{std::move(path)} {
    std::error_code ignored; // if an existing file cannot be removed, open() below fails and reports why
    std::filesystem::remove(path_, ignored);
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        throw_failure(path_);
    const auto written = ::write(file, text.data(), text.size());
    const int failure = std::exchange(errno, 0);
    ::close(file);
    if (std::cmp_equal(written, text.size()))
        return;
    std::filesystem::remove(path_, ignored);
    errno = written < 0 ? failure : ENOSPC;
    throw_failure(path_);
}

secret_file::~secret_file() {
    std::error_code ignored; // if somebody else has removed the file, nothing is left to do
    std::filesystem::remove(path_, ignored);
}

bool is_journal(int descriptor, std::string_view journal_stream) noexcept {
    struct ::stat facts{};
    return !journal_stream.empty() && ::fstat(descriptor, &facts) == 0 &&
           journal_stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

std::unique_ptr<secret_file> show_first_link(const std::string& url, const std::filesystem::path& folder, const logger& log) {
    if (!is_journal(STDOUT_FILENO, environment_variable("JOURNAL_STREAM"))) {
        std::cout << "there is no valid token yet; this link signs in the first administrator, once, within 30 minutes:\n"
                  << url << '\n'
                  << std::flush;
        return nullptr;
    }
    const auto path = std::filesystem::absolute(folder / file_name);
    try {
        auto shown = std::make_unique<secret_file>(path, url + '\n');
        log.warning("there is no valid token yet; the link in a file signs in the first administrator, once, within 30 minutes",
                    {{"file", path.string()}});
        return shown;
    } catch (const std::system_error& failure) {
        log.error("there is no valid token yet, and the link for the first administrator cannot be written to a file; create a "
                  "token with the command: atrium token create",
                  {{"reason", failure.what()}});
        return nullptr;
    }
}

} // namespace atrium::app
