#pragma once

#include <support/temporary_directory.hpp>

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace atrium::support {

/// Another program while it runs, with its standard output and error caught. Ended with the object, where it still runs, and
/// by the kernel, where the thread that made it ends before: the main one, that is. In a build with sanitizers it is asked to
/// end first (SIGTERM), and a finding of its own ends the test program.
class process {
public:
    /// Names and values of environment variables for it, beside our own. Ours of the form ATRIUM_... are not handed on.
    using environment = std::vector<std::string>;

    /// `command` begins with the program, which is looked for in PATH where it is no path.
    explicit process(const std::vector<std::string>& command, const environment& extra = {});
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return pid_; }

    void signal(int number);

    /// Whether it has not ended yet.
    [[nodiscard]] bool runs();

    /// Waits for its end, at most a minute (a failed test): its exit status, or 128 and the number of the signal that ended it.
    int wait();

    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;

private:
    void ask_to_end();

    temporary_directory output_;
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

} // namespace atrium::support
