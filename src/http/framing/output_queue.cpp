#include "framing/output_queue.hpp"

#include <algorithm>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::size_t max_text_kept = 32 * 1024; // the text's memory is kept for later responses unless it is larger

} // namespace

void output_queue::append(shared_text shared) {
    add({.place = text_.size(), .own = {}, .shared = std::move(shared)});
}

void output_queue::append(std::string own) {
    body_memory_ += own.size();
    add({.place = text_.size(), .own = std::move(own), .shared = {}});
}

void output_queue::add(body b) {
    if (!b.rest().empty())
        bodies_.push_back(std::move(b));
}

std::size_t output_queue::size() const noexcept {
    auto size = text_.size() - sent_;
    for (const auto& each : bodies_)
        size += each.rest().size();
    return size;
}

void output_queue::buffers::add(std::string_view text) noexcept {
    if (!text.empty() && count_ < all_.size())
        all_[count_++] = {text.data(), text.size()};
}

output_queue::buffers output_queue::next() const noexcept {
    buffers parts;
    const std::string_view text{text_};
    auto position = sent_;
    for (const auto& each : bodies_) {
        parts.add(text.substr(position, each.place - position));
        parts.add(each.rest());
        position = each.place;
        if (parts.count_ == parts.all_.size())
            return parts;
    }
    parts.add(text.substr(position));
    return parts;
}

void output_queue::consume(std::size_t count) noexcept {
    while (count > 0 || (!bodies_.empty() && bodies_.front().rest().empty())) {
        const auto text_end = bodies_.empty() ? text_.size() : bodies_.front().place;
        const auto text_sent = std::min(count, text_end - sent_);
        sent_ += text_sent;
        count -= text_sent;
        if (bodies_.empty())
            break;
        auto& first = bodies_.front();
        const auto body_sent = std::min(count, first.rest().size());
        first.sent += body_sent;
        count -= body_sent;
        if (first.rest().empty() && sent_ == first.place) {
            body_memory_ -= first.own.size();
            bodies_.pop_front();
        } else if (count == 0) {
            break;
        }
    }
    if (is_empty())
        clear();
}

void output_queue::clear() noexcept {
    text_.clear();
    sent_ = 0;
    bodies_.clear();
    body_memory_ = 0;
    if (text_.capacity() > max_text_kept)
        text_.shrink_to_fit();
}

} // namespace atrium::http
