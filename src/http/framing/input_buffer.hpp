#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace atrium::http {

/// The part of a connection's input that is still needed, in one contiguous block: [held | unread | free].
///
/// The held bytes are a request's header. The fields of the request point into them, so these bytes do not move until
/// `release`, except by `make_space`. The buffer is owned by one connection. It starts small, and `shrink` frees a large one,
/// because most connections are idle.
class input_buffer {
public:
    static constexpr std::size_t initial_capacity = 2 * 1024; ///< bytes, as the two sizes below
    static constexpr std::size_t max_when_idle = 16 * 1024;   ///< the capacity that `shrink` keeps
    static constexpr std::size_t max_read_size = 64 * 1024;   ///< the capacity up to which fast input enlarges the block

    [[nodiscard]] std::string_view unread() const noexcept {
        return {bytes_.get() + unread_begin_, unread_end_ - unread_begin_};
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    void consume(std::size_t count) noexcept { unread_begin_ += count; }

    /// Consumes `count` bytes, which stay in place until `release`.
    std::string_view hold(std::size_t count) noexcept;
    void release() noexcept { held_size_ = 0; }

    /// Ensures that the unread and the free bytes, which follow the held ones in the block, are together at least `count`, so
    /// that more input can be received without moving the held bytes. Returns the held bytes; sets `has_moved` to whether this
    /// call has moved them.
    std::string_view make_space(std::size_t count, bool& has_moved);

    /// Free space for the next bytes, at least one byte. Moves unread bytes, but never held ones; grows only while nothing is
    /// held.
    [[nodiscard]] std::span<char> free_space();
    void add_received(std::size_t count) noexcept;

    /// Frees the block if it is larger than `max_when_idle` and nothing is held or unread.
    void shrink() noexcept;

private:
    void reallocate(std::size_t capacity);
    void move_unread_to(std::size_t place) noexcept;

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    // Positions in the block, except `held_size_`.
    std::size_t held_begin_ = 0;
    std::size_t held_size_ = 0;
    std::size_t unread_begin_ = 0;
    std::size_t unread_end_ = 0;
    bool was_filled_ = false; ///< the last read filled the buffer, so more input may be waiting
};

} // namespace atrium::http
