#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium::support {

/// A TCP proxy between clients and a port of 127.0.0.1 that can break the network. It begins open and passing. When a member
/// returns, its effect applies to every connection. Runs on its own thread; members may be called on any thread.
class tcp_gate {
public:
    explicit tcp_gate(std::uint16_t target);
    ~tcp_gate();

    /// The port for clients, which stays the same while the gate lives.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Resets all connections and refuses new ones, until `open`.
    void cut();
    void open();

    /// Half-open: connections are accepted and kept, but nothing passes in either direction, not even the end of a connection.
    /// What is sent meanwhile arrives after `pass`.
    void swallow();
    /// Delays every chunk of bytes in both directions by this time, until `pass`.
    void delay(std::chrono::milliseconds each);
    /// Passes everything immediately.
    void pass();

    /// The number of connections through the gate now.
    [[nodiscard]] std::size_t connections() const;

private:
    class engine;
    std::unique_ptr<engine> engine_;
};

} // namespace atrium::support
