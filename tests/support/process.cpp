#include <support/eventually.hpp>
#include <support/process.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <thread>

namespace atrium::support {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

/// Aborts the test program if the log of a child process has a finding of a sanitizer. The caller is a destructor, in which a
/// test cannot fail any more.
void expect_no_finding(const std::string& log) {
    const auto summary = log.find("SUMMARY: ");
    if (summary == std::string::npos || log.find("Sanitizer", summary) == std::string::npos)
        return;
    std::cerr << "a program under test ended with a finding:\n" << log << std::endl;
    std::abort();
}

/// Connects the standard streams of the child process: its input is empty, its output goes to files in `folder`.
class stream_actions {
public:
    explicit stream_actions(const temporary_directory& folder) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        for (const auto& [stream, name] : {std::pair{STDOUT_FILENO, "out"}, std::pair{STDERR_FILENO, "err"}})
            ::posix_spawn_file_actions_addopen(&actions_, stream, (folder / name).c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        // Close all other descriptors, because a child inherits those of Asio. Otherwise a port on which the test listens would
        // stay open in the child after the test has closed it.
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    }
    ~stream_actions() { ::posix_spawn_file_actions_destroy(&actions_); }
    stream_actions(const stream_actions&) = delete;
    stream_actions& operator=(const stream_actions&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

} // namespace

process::process(const std::vector<std::string>& command, const environment& extra) {
    // setpriv (util-linux) lets the kernel kill the child when this process dies, and then becomes the program itself.
    std::vector<std::string> arguments{"setpriv", "--pdeathsig", "KILL"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    std::vector<std::string> variables = extra;
    for (char** each = ::environ; *each; ++each)
        if (!std::string_view{*each}.starts_with("ATRIUM_"))
            variables.emplace_back(*each);

    const stream_actions streams{output_};
    const int failure =
        ::posix_spawnp(&pid_, "setpriv", streams.get(), nullptr, pointers_to(arguments).data(), pointers_to(variables).data());
    if (failure != 0)
        throw std::system_error{failure, std::generic_category(), command.front() + " cannot be started"};
}

process::~process() {
    if (is_sanitized)
        ask_to_end();
    if (!ended_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (is_sanitized)
        expect_no_finding(err());
}

/// Sends SIGTERM and waits up to 20 seconds for the end. A sanitizer reports leaks only if a program is not killed, and may
/// find errors even after the last request of a test.
void process::ask_to_end() {
    if (!runs())
        return;
    ::kill(pid_, SIGCONT);
    ::kill(pid_, SIGTERM);
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
         runs() && std::chrono::steady_clock::now() < end;)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
}

void process::signal(int number) {
    if (ended_)
        return;
    ::kill(pid_, number);
    // Wait until the program has stopped: another core may still run it for a moment.
    if (number == SIGSTOP && ::waitpid(pid_, &status_, WUNTRACED) == pid_)
        ended_ = !WIFSTOPPED(status_);
}

bool process::runs() {
    if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_)
        ended_ = true;
    return !ended_;
}

int process::wait() {
    eventually([this] { return !runs(); });
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

std::string process::out() const {
    return text_of(output_ / "out");
}

std::string process::err() const {
    return text_of(output_ / "err");
}

} // namespace atrium::support
