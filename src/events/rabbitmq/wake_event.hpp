#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace atrium::events::rabbitmq {

/// Wakes another thread from poll(), by means of an eventfd. `notify` may be called on any thread; the event stays set until it
/// is cleared.
class wake_event {
public:
    wake_event() : descriptor_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
        if (descriptor_ < 0)
            throw std::system_error{errno, std::generic_category(), "eventfd"};
    }
    ~wake_event() { ::close(descriptor_); }
    wake_event(const wake_event&) = delete;
    wake_event& operator=(const wake_event&) = delete;

    void notify() const noexcept {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto ignored = ::write(descriptor_, &one, sizeof one); // fails only if the event is set
    }
    void clear() const noexcept {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto ignored = ::read(descriptor_, &count, sizeof count);
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

} // namespace atrium::events::rabbitmq
