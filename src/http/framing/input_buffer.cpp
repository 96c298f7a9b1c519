#include "framing/input_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace atrium::http {

std::string_view input_buffer::hold(std::size_t count) noexcept {
    held_begin_ = begin_;
    held_ = count;
    begin_ += count;
    return {bytes_.get() + held_begin_, held_};
}

std::string_view input_buffer::make_room(std::size_t count, bool& moved) {
    moved = capacity_ - (held_begin_ + held_) < count;
    if (moved) {
        const auto kept = end_ - held_begin_;
        const auto capacity = std::max(capacity_, held_ + std::max(count, kept - held_));
        if (capacity > capacity_) {
            reallocate(capacity);
        } else {
            std::memmove(bytes_.get(), bytes_.get() + held_begin_, kept);
            begin_ -= held_begin_;
            end_ -= held_begin_;
            held_begin_ = 0;
        }
    }
    return {bytes_.get() + held_begin_, held_};
}

std::span<char> input_buffer::room() {
    if (held_ > 0) {
        move_unread_to(held_begin_ + held_);
    } else {
        if (begin_ == end_ || capacity_ - end_ < capacity_ / 4)
            move_unread_to(0);
        const bool full = end_ == capacity_;
        const bool more_waits = was_filled_ && capacity_ < max_read_size;
        if (full || more_waits)
            reallocate(std::max(initial_capacity, capacity_ * 2));
    }
    return {bytes_.get() + end_, capacity_ - end_};
}

void input_buffer::arrived(std::size_t count) noexcept {
    end_ += count;
    was_filled_ = end_ == capacity_;
}

void input_buffer::shrink() noexcept {
    if (held_ > 0 || begin_ < end_ || capacity_ <= max_when_idle)
        return;
    bytes_.reset();
    capacity_ = begin_ = end_ = 0;
    was_filled_ = false;
}

/// Moves everything into a new block of `capacity` bytes, held bytes first.
void input_buffer::reallocate(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    const auto first = held_ > 0 ? held_begin_ : begin_;
    if (end_ > first)
        std::memcpy(bytes.get(), bytes_.get() + first, end_ - first);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    begin_ -= first;
    end_ -= first;
    held_begin_ = 0;
}

void input_buffer::move_unread_to(std::size_t place) noexcept {
    if (begin_ == place)
        return;
    if (begin_ < end_)
        std::memmove(bytes_.get() + place, bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_ - place;
    begin_ = place;
}

} // namespace atrium::http
