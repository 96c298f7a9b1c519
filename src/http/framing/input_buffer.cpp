#include "framing/input_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace atrium::http {

std::string_view input_buffer::hold(std::size_t count) noexcept {
    held_begin_ = unread_begin_;
    held_size_ = count;
    unread_begin_ += count;
    return {bytes_.get() + held_begin_, held_size_};
}

std::string_view input_buffer::make_space(std::size_t count, bool& has_moved) {
    has_moved = capacity_ - (held_begin_ + held_size_) < count;
    if (has_moved) {
        const auto kept = unread_end_ - held_begin_;
        const auto capacity = std::max(capacity_, held_size_ + std::max(count, kept - held_size_));
        if (capacity > capacity_) {
            reallocate(capacity);
        } else {
            std::memmove(bytes_.get(), bytes_.get() + held_begin_, kept);
            unread_begin_ -= held_begin_;
            unread_end_ -= held_begin_;
            held_begin_ = 0;
        }
    }
    return {bytes_.get() + held_begin_, held_size_};
}

std::span<char> input_buffer::free_space() {
    if (held_size_ > 0) {
        move_unread_to(held_begin_ + held_size_);
    } else {
        if (unread_begin_ == unread_end_ || capacity_ - unread_end_ < capacity_ / 4)
            move_unread_to(0);
        const bool is_full = unread_end_ == capacity_;
        const bool is_more_expected = was_filled_ && capacity_ < max_read_size;
        if (is_full || is_more_expected)
            reallocate(std::max(initial_capacity, capacity_ * 2));
    }
    return {bytes_.get() + unread_end_, capacity_ - unread_end_};
}

void input_buffer::add_received(std::size_t count) noexcept {
    unread_end_ += count;
    was_filled_ = unread_end_ == capacity_;
}

void input_buffer::shrink() noexcept {
    if (held_size_ > 0 || unread_begin_ < unread_end_ || capacity_ <= max_when_idle)
        return;
    bytes_.reset();
    capacity_ = unread_begin_ = unread_end_ = 0;
    was_filled_ = false;
}

/// Moves everything into a new block of `capacity` bytes, held bytes first.
void input_buffer::reallocate(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    const auto first = held_size_ > 0 ? held_begin_ : unread_begin_;
    if (unread_end_ > first)
        std::memcpy(bytes.get(), bytes_.get() + first, unread_end_ - first);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    unread_begin_ -= first;
    unread_end_ -= first;
    held_begin_ = 0;
}

void input_buffer::move_unread_to(std::size_t place) noexcept {
    if (unread_begin_ == place)
        return;
    if (unread_begin_ < unread_end_)
        std::memmove(bytes_.get() + place, bytes_.get() + unread_begin_, unread_end_ - unread_begin_);
    unread_end_ -= unread_begin_ - place;
    unread_begin_ = place;
}

} // namespace atrium::http
