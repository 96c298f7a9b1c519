#include "confirm_window.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::events::rabbitmq {

void confirm_window::add(std::vector<outgoing_event> events) {
    std::ranges::move(events, std::back_inserter(waiting_));
}

const outgoing_event* confirm_window::next() const noexcept {
    return waiting_.empty() || unconfirmed_ >= limit_ ? nullptr : &waiting_.front();
}

void confirm_window::note_sent() {
    flights_.push_back({std::move(waiting_.front())});
    waiting_.pop_front();
    ++unconfirmed_;
}

std::optional<event_seq> confirm_window::oldest_in_flight() const noexcept {
    // The first flight is not finished, because finished flights are removed at the front.
    return flights_.empty() ? std::nullopt : std::optional{flights_.front().event.seq};
}

outgoing_event confirm_window::withdraw() {
    auto e = std::move(waiting_.front());
    waiting_.pop_front();
    return e;
}

bool confirm_window::note_returned(std::string_view event_id) {
    const auto found = std::ranges::find_if(
        flights_, [&](const flight& f) { return !f.is_finished && !f.is_returned && f.event.id == event_id; });
    if (found == flights_.end())
        return false;
    found->is_returned = true;
    return true;
}

template <class F>
void confirm_window::finish_each(std::uint64_t tag, bool multiple, F f) {
    const auto end_tag = first_tag_ + flights_.size();
    if (multiple && tag == 0)
        tag = end_tag - 1;
    if (tag < first_tag_ || tag >= end_tag)
        return;
    for (auto current = multiple ? first_tag_ : tag; current <= tag; ++current) {
        auto& finished = flights_[current - first_tag_];
        if (finished.is_finished)
            continue;
        finished.is_finished = true;
        --unconfirmed_;
        f(finished);
    }
    while (!flights_.empty() && flights_.front().is_finished) {
        flights_.pop_front();
        ++first_tag_;
    }
}

void confirm_window::note_confirmed(std::uint64_t tag, bool multiple, outcome& settlement) {
    finish_each(tag, multiple, [&](flight& f) {
        if (f.is_returned)
            settlement.unroutable.push_back(std::move(f.event));
        else
            settlement.settled.push_back(f.event.seq);
    });
}

std::size_t confirm_window::note_refused(std::uint64_t tag, bool multiple) {
    const auto held_before = held_.size();
    finish_each(tag, multiple, [&](flight& f) { held_.push_back(std::move(f.event)); });
    return held_.size() - held_before;
}

void confirm_window::hold(outgoing_event e) {
    held_.push_back(std::move(e));
}

void confirm_window::release() {
    std::ranges::sort(held_, {}, &event::seq);
    waiting_.insert(waiting_.begin(), std::make_move_iterator(held_.begin()), std::make_move_iterator(held_.end()));
    held_.clear();
}

void confirm_window::note_connection_lost() {
    for (auto& f : flights_)
        if (!f.is_finished)
            held_.push_back(std::move(f.event));
    flights_.clear();
    unconfirmed_ = 0;
    first_tag_ = 1;
    release();
}

} // namespace atrium::events::rabbitmq
