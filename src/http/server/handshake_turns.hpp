#pragma once

#include <base/timer.hpp>
#include <http/address_group.hpp>

#include <cstddef>
#include <deque>
#include <map>

namespace atrium::http {

/// Prevents the handshakes of one address from occupying a busy thread: for each address, one handshake at a time may wait for
/// the thread's time, and the others wait here in line. One thread.
class handshake_turns {
public:
    /// A place in the line of an address, until the end of its scope.
    class place {
    public:
        place(handshake_turns& turns, address_group address, const executor& own_executor);
        ~place();
        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// Waits until this is the first place in its line.
        [[nodiscard]] awaitable<> wait_for_turn();

    private:
        [[nodiscard]] bool is_first() const noexcept { return line_->second.front() == this; }

        handshake_turns& turns_;
        std::map<address_group, std::deque<place*>>::iterator line_;
        steady_timer turn_; ///< cancelled when this place becomes the first one
    };

    /// Counts a handshake until the end of its scope.
    class running_count {
    public:
        explicit running_count(handshake_turns& turns) noexcept : turns_{turns} { ++turns_.count_; }
        ~running_count() { --turns_.count_; }
        running_count(const running_count&) = delete;
        running_count& operator=(const running_count&) = delete;

    private:
        handshake_turns& turns_;
    };
    /// Number of handshakes that have begun and not ended.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    std::map<address_group, std::deque<place*>> lines_;
    std::size_t count_ = 0;
};

} // namespace atrium::http
