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
        place(handshake_turns& all, address_group address, const executor& own_executor);
        ~place();
        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// Waits until this is the first place in its line.
        [[nodiscard]] awaitable<> wait_for_turn();

    private:
        [[nodiscard]] bool is_first() const noexcept { return line_->second.front() == this; }

        handshake_turns& all_;
        std::map<address_group, std::deque<place*>>::iterator line_;
        steady_timer turn_; ///< cancelled when this place becomes the first one
    };

    /// Counts a handshake until the end of its scope.
    class running {
    public:
        explicit running(handshake_turns& all) noexcept : all_{all} { ++all_.count_; }
        ~running() { --all_.count_; }
        running(const running&) = delete;
        running& operator=(const running&) = delete;

    private:
        handshake_turns& all_;
    };
    /// Number of handshakes that have begun and not ended.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    std::map<address_group, std::deque<place*>> lines_;
    std::size_t count_ = 0;
};

} // namespace atrium::http
