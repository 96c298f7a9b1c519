#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace atrium::http {

/// What a connection has received and not used yet, in one flat block: [held | unread | room].
///
/// Held bytes are a request's header, into which its fields are views: they do not move until `release` (but for `make_room`).
/// Owned by one connection; starts small and gives large memory back, as most connections are idle.
class input_buffer {
public:
    static constexpr std::size_t initial_capacity = 2 * 1024;
    static constexpr std::size_t most_when_idle = 16 * 1024;
    static constexpr std::size_t most_read_at_once = 64 * 1024;

    [[nodiscard]] std::string_view unread() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    void consume(std::size_t count) noexcept { begin_ += count; }

    /// Consumes `count` bytes, which stay where they are.
    std::string_view hold(std::size_t count) noexcept;
    void release() noexcept { held_ = 0; }

    /// Sees to it that at least `count` bytes, unread or free, can stand behind what is held, so that more can be received
    /// without moving it. Returns what is held; it has moved if `moved`.
    std::string_view make_room(std::size_t count, bool& moved);

    /// Where the next bytes go, at least one. Moves unread bytes, never held ones; grows only while nothing is held.
    [[nodiscard]] std::span<char> room();
    void arrived(std::size_t count) noexcept;

    /// Gives large memory back where nothing is held or unread.
    void shrink() noexcept;

private:
    void reallocate(std::size_t capacity);
    void move_unread_to(std::size_t place) noexcept;

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t held_begin_ = 0; ///< of the held bytes, which end `held_` further on
    std::size_t held_ = 0;
    std::size_t begin_ = 0; ///< of the unread bytes
    std::size_t end_ = 0;
    bool was_filled_ = false; ///< the last read took all the room there was: more is waiting
};

} // namespace atrium::http
