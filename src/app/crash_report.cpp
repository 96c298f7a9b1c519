#include "crash_report.hpp"

#include "signals.hpp"
#include "version.hpp"

#include <base/printable.hpp>

#include <cxxabi.h>
#include <execinfo.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>

namespace atrium::app {
namespace {

constexpr int crash_signals[]{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int max_frames = 128;
constexpr std::size_t crash_stack_size = 64 * 1024; // in bytes; finding the frames of a stack takes a few thousand
constexpr int max_wait_for_reader = 1000;           // in milliseconds, for each part of the report

/// The descriptor of a file in memory. The report is written there and then copied to standard error with a time limit, because
/// backtrace_symbols_fd would wait forever if nothing reads standard error. Opened in advance.
int report_file = -1;
std::array<char, 128> program{}; ///< "atrium 0.1.0, build 4f2a...", composed in advance

std::string_view name_of(int signal) noexcept {
    switch (signal) {
    case SIGSEGV: return "SIGSEGV (invalid access to memory)";
    case SIGBUS: return "SIGBUS (memory that cannot be read or written)";
    case SIGFPE: return "SIGFPE (invalid computation)";
    case SIGILL: return "SIGILL (invalid instruction)";
    case SIGABRT: return "SIGABRT (aborted)";
    default: return "another signal";
    }
}

// The functions from here on until `report_crash` run in the signal handler. They use only what is async-signal-safe.

void add(std::string_view text) noexcept {
    [[maybe_unused]] const auto written = ::write(report_file, text.data(), text.size());
}

void add_number(std::uint64_t number, int base) noexcept {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    add({digits.data(), end});
}

/// Adds where the signal comes from: the address of the fault, or the process that has sent it. Adds nothing if this process
/// has sent it to itself, as abort() does.
void add_origin(const siginfo_t& signal) noexcept {
    if (signal.si_code > 0) {
        add(" at address 0x");
        add_number(reinterpret_cast<std::uintptr_t>(signal.si_addr), 16);
    } else if (signal.si_pid != ::getpid()) {
        add(", sent by process ");
        add_number(static_cast<std::uint64_t>(signal.si_pid), 10);
    }
}

void add_thread() noexcept {
    std::array<char, 17> name{}; // prctl(2): at most 16 bytes, with the zero at the end
    ::prctl(PR_GET_NAME, name.data());
    add(" in thread \"");
    add(name.data());
    add("\"");
}

void write_report() noexcept {
    ::lseek(report_file, 0, SEEK_SET);
    std::array<char, 4096> part; // PIPE_BUF: a pipe that is ready for writing takes this many bytes without blocking
    for (;;) {
        const auto size = ::read(report_file, part.data(), part.size());
        pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        if (size <= 0 || ::poll(&writable, 1, max_wait_for_reader) != 1)
            return;
        if (::write(STDERR_FILENO, part.data(), static_cast<std::size_t>(size)) < 0)
            return;
    }
}

/// Ends the process by the default action of the signal or, in process 1 of a container, which has no default actions, by
/// exiting.
[[noreturn]] void end_process(int signal) noexcept {
    std::signal(signal, SIG_DFL);
    sigset_t this_signal;
    sigemptyset(&this_signal);
    sigaddset(&this_signal, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &this_signal, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
}

extern "C" void report_crash(int signal, siginfo_t* origin, void*) {
    static std::atomic_flag is_reporting = ATOMIC_FLAG_INIT;
    while (is_reporting.test_and_set()) // another thread has crashed as well and writes its report; it ends the process soon
        ::pause();
    add("atrium: crashed: ");
    add(name_of(signal));
    add_origin(*origin);
    add_thread();
    add("; ");
    add(program.data());
    add("; its stack:\n");
    std::array<void*, max_frames> frames;
    ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), max_frames), report_file);
    add("atrium: end of the stack\n");
    write_report();
    end_process(signal);
}

/// The value of the first note of this type in a segment of notes; empty if there is none.
std::span<const unsigned char> find_note(std::span<const unsigned char> notes, unsigned type) {
    const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
    ElfW(Nhdr) note;
    while (notes.size() >= sizeof note) {
        std::memcpy(&note, notes.data(), sizeof note);
        const auto value = sizeof note + padded(note.n_namesz);
        if (value + padded(note.n_descsz) > notes.size())
            break;
        if (note.n_type == type)
            return notes.subspan(value, note.n_descsz);
        notes = notes.subspan(value + padded(note.n_descsz));
    }
    return {};
}

/// For dl_iterate_phdr: appends the build id of an object to the text.
int append_build_id(dl_phdr_info* object, std::size_t, void* text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto& segment : std::span{object->dlpi_phdr, object->dlpi_phnum})
        if (segment.p_type == PT_NOTE) {
            const auto address = object->dlpi_addr + segment.p_vaddr;
            const auto* begin = reinterpret_cast<const unsigned char*>(address); // NOLINT(performance-no-int-to-ptr)
            for (const auto byte : find_note({begin, segment.p_memsz}, NT_GNU_BUILD_ID))
                static_cast<std::string*>(text)->append({digits[byte >> 4U], digits[byte & 15U]});
        }
    return 1; // the first object is the program, and no other one is needed
}

/// Identifies the program's file and its debug information, in the digits that file(1) shows.
std::string build_id() {
    std::string id;
    ::dl_iterate_phdr(append_build_id, &id);
    return id.empty() ? "unknown" : id;
}

std::string readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name{abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free};
    return name ? name.get() : type.name();
}

std::string describe_current_exception() {
    const auto* type = abi::__cxa_current_exception_type();
    if (!type)
        return "std::terminate was called without an exception";
    try {
        throw;
    } catch (const std::exception& failure) {
        return "an exception was not caught: " + readable_name(*type) + ": " + failure.what();
    } catch (...) {
        return "an exception was not caught: " + readable_name(*type);
    }
}

[[noreturn]] void report_termination() {
    static std::atomic_flag is_describing = ATOMIC_FLAG_INIT;
    if (!is_describing.test_and_set())
        write_without_waiting("atrium: " + printable(describe_current_exception()) + '\n');
    std::abort();
}

class crash_stack {
public:
    crash_stack() {
        stack_t own{};
        own.ss_sp = memory_.get();
        own.ss_size = crash_stack_size;
        ::sigaltstack(&own, nullptr);
    }
    ~crash_stack() {
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        ::sigaltstack(&none, nullptr);
    }
    crash_stack(const crash_stack&) = delete;
    crash_stack& operator=(const crash_stack&) = delete;

private:
    std::unique_ptr<char[]> memory_{new char[crash_stack_size]};
};

} // namespace

void use_crash_stack() {
    thread_local const crash_stack stack;
}

void report_crashes() {
    if (ATRIUM_IS_SANITIZED)
        return;
    report_file = ::memfd_create("crash report", MFD_CLOEXEC);
    if (report_file < 0)
        return;
    const auto name = "atrium " + std::string{version()} + ", build " + build_id();
    name.copy(program.data(), program.size() - 1);
    std::array<void*, 1> frame;
    ::backtrace(frame.data(), 1); // the first call loads a library, which a signal handler must not do
    use_crash_stack();
    std::set_terminate(report_termination);
    struct sigaction action{};
    action.sa_sigaction = report_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (const int signal : crash_signals)
        sigaddset(&action.sa_mask, signal); // a crash in the handler itself ends the process immediately
    for (const int signal : crash_signals)
        ::sigaction(signal, &action, nullptr);
}

} // namespace atrium::app
