#pragma once

#include <http/server.hpp>

#include <chrono>

namespace atrium::http {

enum class ping_state {
    none,
    due,              ///< the peer is silent, and the ping has not been sent yet
    due_after_sign,   ///< as `due`, but the peer has sent something in the meantime
    waiting_for_sign, ///< the ping was sent, and the peer has sent nothing since
};

enum class ping_event {
    heard,  ///< something has arrived from the peer
    silent, ///< nothing has arrived from the peer for `web_socket_settings::ping`
    sent,   ///< the ping was sent, or is about to be sent
};

/// The transition table. An event that is not relevant in a state changes nothing.
[[nodiscard]] ping_state transition(ping_state state, ping_event event) noexcept;

/// Decides when to ping the peer of a WebSocket, and when the peer counts as lost, according to `web_socket_settings::ping` and
/// `web_socket_settings::silence`. No I/O. One thread.
class peer_liveness {
public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class verdict { alive, ping_now, lost };

    /// `limits` must outlive this object.
    peer_liveness(const web_socket_settings& limits, time_point now) noexcept : limits_{limits}, last_heard_{now} {}

    /// Records that something has arrived from the peer.
    void heard(time_point now) noexcept;
    /// Restarts the period of silence. Call it while a received message waits until the session takes it: the server reads
    /// nothing during this time, so it cannot know whether the peer is silent.
    void excuse(time_point now) noexcept { last_heard_ = now; }
    /// `ping_now` means that a ping has become due, which happens at most once until something arrives from the peer.
    [[nodiscard]] verdict check(time_point now) noexcept;
    /// Returns whether a ping is due. If so, the ping counts as sent from now on.
    [[nodiscard]] bool take_ping() noexcept;

private:
    const web_socket_settings& limits_;
    time_point last_heard_;
    ping_state state_ = ping_state::none;
};

} // namespace atrium::http
