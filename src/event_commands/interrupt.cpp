#include "interrupt.hpp"

#include <poll.h>

#include <csignal>

namespace atrium::event_commands {
namespace {

volatile std::sig_atomic_t has_interrupt = 0; // global, because the signal handler has no object

extern "C" void record_interrupt(int) {
    has_interrupt = 1;
}

} // namespace

interrupt_watch::interrupt_watch(second_interrupt action) {
    has_interrupt = 0;
    struct sigaction handling{};
    handling.sa_handler = record_interrupt;
    // Because of SA_RESTART, Ctrl-C does not end the system calls of a running request. But SA_RESTART has no effect on `poll`,
    // so Ctrl-C ends `wait`.
    handling.sa_flags = SA_RESTART | (action == second_interrupt::ends_process ? static_cast<int>(SA_RESETHAND) : 0);
    ::sigaction(SIGINT, &handling, nullptr);
}

interrupt_watch::~interrupt_watch() {
    std::signal(SIGINT, SIG_DFL);
}

bool interrupt_watch::is_interrupted() const noexcept {
    return has_interrupt != 0;
}

void interrupt_watch::wait(std::chrono::milliseconds time) const {
    if (!is_interrupted())
        ::poll(nullptr, 0, static_cast<int>(time.count()));
}

} // namespace atrium::event_commands
