#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium::support {

/// A TCP proxy between clients and a port of 127.0.0.1, to break the network with. It begins open and passing. What a member
/// asks for holds for every connection when it returns. Runs on a thread of its own; members may be called from any.
class tcp_gate {
public:
    explicit tcp_gate(std::uint16_t target);
    ~tcp_gate();

    /// Where clients connect to; the same for as long as the gate lives.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Resets all connections and refuses new ones, until `open`.
    void cut();
    void open();

    /// Half-open: connections are accepted and kept, and nothing passes, in neither direction, not even that the other end has
    /// closed. What was sent meanwhile arrives after `pass`.
    void swallow();
    /// Every chunk of bytes, in either direction, arrives that much later, until `pass`.
    void delay(std::chrono::milliseconds each);
    /// All passes at once.
    void pass();

    /// Connections that go through it now.
    [[nodiscard]] std::size_t connections() const;

private:
    class engine;
    std::unique_ptr<engine> engine_;
};

} // namespace atrium::support
