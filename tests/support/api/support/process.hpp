#pragma once

#include <support/temporary_directory.hpp>

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace atrium::support {

/// Runs another program and captures its standard output and error. The destructor kills the program if it still runs. The
/// kernel also kills it if the thread that started it (the main thread) ends. In a build with sanitizers, the destructor first
/// sends SIGTERM, and a finding of a sanitizer in the program aborts the test program.
class process {
public:
    /// Environment variables ("NAME=value") in addition to those of this process. Variables of this process that begin with
    /// ATRIUM_ are not passed on.
    using environment = std::vector<std::string>;

    /// `command` begins with the program, which is searched for in PATH unless it is a path.
    explicit process(const std::vector<std::string>& command, const environment& extra = {});
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return pid_; }

    /// Sends a signal. After SIGSTOP, waits until the program has stopped.
    void signal(int number);

    /// Whether the program has not ended yet.
    [[nodiscard]] bool runs();

    /// Waits up to a minute until the program has ended (a timeout fails the test). Returns the exit status, or 128 plus the
    /// number of the signal that ended the program.
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
