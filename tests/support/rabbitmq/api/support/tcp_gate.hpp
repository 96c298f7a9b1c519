#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium::support {

/// A TCP proxy between clients and a port of 127.0.0.1 that can break the network. At first it accepts connections and passes
/// all bytes. When a member function returns, its effect applies to every connection. The gate runs on a separate thread.
/// Members may be called on any thread.
class tcp_gate {
public:
    explicit tcp_gate(std::uint16_t target);
    ~tcp_gate();

    /// The port for clients, which stays the same while the gate lives.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Resets all connections and refuses new ones until `open` is called.
    void cut();
    void open();

    /// Makes connections half-open: they are accepted and kept, but nothing passes in either direction, not even the end of a
    /// connection. Whatever is sent in this time arrives after `pass` is called.
    void swallow();
    /// Delays every chunk of bytes in both directions by this time until `pass` is called.
    void delay(std::chrono::milliseconds duration);
    /// Passes everything without delay, beginning with the bytes that were swallowed.
    void pass();

    /// The number of connections that the gate has now.
    [[nodiscard]] std::size_t connections() const;

private:
    class engine;
    std::unique_ptr<engine> engine_;
};

} // namespace atrium::support
