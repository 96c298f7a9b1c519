#pragma once

#include <chrono>

namespace atrium::event_commands {

/// While this object lives, Ctrl-C (SIGINT) does not end the process, but is recorded. At most one at a time.
class interrupt_watch {
public:
    enum class second { ends_process, is_recorded };

    /// What the second Ctrl-C does.
    explicit interrupt_watch(second action = second::ends_process);
    ~interrupt_watch();
    interrupt_watch(const interrupt_watch&) = delete;
    interrupt_watch& operator=(const interrupt_watch&) = delete;

    [[nodiscard]] bool is_interrupted() const noexcept;

    /// Waits for `time`, or until the interrupt.
    void wait(std::chrono::milliseconds time) const;
};

} // namespace atrium::event_commands
