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

/// Aborts the test program, because destroying a child process is too late to fail the test.
void expect_no_finding(const std::string& told) {
    const auto summary = told.find("SUMMARY: ");
    if (summary == std::string::npos || told.find("Sanitizer", summary) == std::string::npos)
        return;
    std::cerr << "a program under test ended with a finding:\n" << told << std::endl;
    std::abort();
}

/// The standard streams of the child.
class stream_actions {
public:
    explicit stream_actions(const temporary_directory& folder) {
        ::posix_spawn_file_actions_init(&all_);
        ::posix_spawn_file_actions_addopen(&all_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        for (const auto& [stream, name] : {std::pair{STDOUT_FILENO, "out"}, std::pair{STDERR_FILENO, "err"}})
            ::posix_spawn_file_actions_addopen(&all_, stream, (folder / name).c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        // Asio's descriptors are inherited: a port that the test listens on would stay open after the test has closed it.
        ::posix_spawn_file_actions_addclosefrom_np(&all_, STDERR_FILENO + 1);
    }
    ~stream_actions() { ::posix_spawn_file_actions_destroy(&all_); }
    stream_actions(const stream_actions&) = delete;
    stream_actions& operator=(const stream_actions&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &all_; }

private:
    posix_spawn_file_actions_t all_;
};

} // namespace

process::process(const std::vector<std::string>& command, const environment& extra) {
    // setpriv (util-linux) asks the kernel to end the child when this process dies, and then becomes the program itself.
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

/// Leaks are reported only at the end of a program, and so are errors after the test's last request.
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
    // Stopping takes a moment, in which another core may still run the program.
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
