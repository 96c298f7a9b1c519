#pragma once

#include <chrono>

namespace atrium::event_commands {

/// While this object lives, the first Ctrl-C (SIGINT) does not end the process, but is recorded. At most one such object exists
/// at a time.
class interrupt_watch {
public:
    /// What the second Ctrl-C does.
    enum class second_interrupt { ends_process, is_recorded };

    explicit interrupt_watch(second_interrupt action = second_interrupt::ends_process);
    ~interrupt_watch();
    interrupt_watch(const interrupt_watch&) = delete;
    interrupt_watch& operator=(const interrupt_watch&) = delete;

    [[nodiscard]] bool is_interrupted() const noexcept;

    /// Waits until Ctrl-C, or until `time` has passed.
    void wait(std::chrono::milliseconds time) const;
};

} // namespace atrium::event_commands
