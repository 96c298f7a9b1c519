#include "crash_report.hpp"

#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>

// Each test lets child processes crash and reads what they have written to standard error. tests/system/program_test.cpp tests
// the crash report of the real program.

namespace {

using namespace atrium;

struct crash {
    int signal; ///< the signal that ended the process
    std::string report;
};

crash crash_by(const std::function<void()>& failure) {
    const support::temporary_directory folder;
    const auto file = folder / "stderr";
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const rlimit no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        ::dup2(::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600), STDERR_FILENO);
        app::report_crashes();
        failure();
        std::_Exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::ifstream report{file};
    return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, {std::istreambuf_iterator<char>{report}, {}}};
}

/// Recurses until the stack is used up.
int recurse(int depth) { // NOLINT(misc-no-recursion)
    volatile char used[4096]{};
    used[depth % 4096] = 1;
    return depth < 0 ? 0 : recurse(depth + 1) + used[0];
}

template <class T>
[[noreturn, gnu::noinline]] void throw_exception(T exception) {
    throw exception;
}

} // namespace

extern "C" [[gnu::noinline]] void fail_in_a_function_with_a_name() {
    volatile int* volatile nothing = nullptr; // read at run time, so that the compiler keeps the access
    *nothing = 1;
}

TEST_CASE("an invalid access to memory is reported with its address, the thread and the stack") {
    const auto crash = crash_by([] { std::thread{[] { fail_in_a_function_with_a_name(); }}.join(); });
    CAPTURE(crash.report);
    CHECK(crash.signal == SIGSEGV);
    CHECK(crash.report.starts_with("atrium: crashed: SIGSEGV (invalid access to memory) at address 0x0 in thread \""));
    CHECK(crash.report.find("; atrium 0.1.0, build ") != std::string::npos);
    CHECK(crash.report.find("(fail_in_a_function_with_a_name+0x") != std::string::npos);
    CHECK(crash.report.ends_with("atrium: end of the stack\n"));
}

TEST_CASE("an uncaught exception, or a call of std::terminate without an exception, is described before the stack") {
    const auto crash = crash_by([]() noexcept { throw_exception(std::out_of_range{"no\x1b such place"}); });
    CAPTURE(crash.report);
    CHECK(crash.signal == SIGABRT);
    CHECK(crash.report.starts_with(
        "atrium: an exception was not caught: std::out_of_range: no\\u001b such place\natrium: crashed: SIGABRT (aborted) in"));

    CHECK(crash_by([]() noexcept { throw_exception(7); }).report.starts_with("atrium: an exception was not caught: int\n"));
    CHECK(crash_by([] { std::thread{[] { ::pause(); }}; }).report.starts_with("atrium: std::terminate was called without"));
}

TEST_CASE("a stack overflow is reported in the main thread, and in each thread that has called use_crash_stack") {
    const auto in_main = crash_by([] { recurse(0); });
    CAPTURE(in_main.report);
    CHECK(in_main.signal == SIGSEGV);
    CHECK(in_main.report.ends_with("atrium: end of the stack\n"));

    const auto in_thread = crash_by([] {
        std::thread{[] {
            app::use_crash_stack();
            recurse(0);
        }}.join();
    });
    CAPTURE(in_thread.report);
    CHECK(in_thread.signal == SIGSEGV);
    CHECK(in_thread.report.ends_with("atrium: end of the stack\n"));
}

TEST_CASE("a crash ends the process even if standard error is a full pipe that nothing reads") {
    const auto crash = crash_by([] {
        int pipe[2];
        if (::pipe(pipe) != 0)
            std::_Exit(1);
        ::fcntl(pipe[1], F_SETFL, O_NONBLOCK);
        while (::write(pipe[1], "x", 1) == 1) {
        }
        ::fcntl(pipe[1], F_SETFL, 0);
        ::dup2(pipe[1], STDERR_FILENO);
        std::abort();
    });
    CHECK(crash.signal == SIGABRT);
}
