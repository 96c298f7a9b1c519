#include "relay.hpp"

#include "core/number_tables.hpp"

#include <algorithm>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::size_t max_removals_at_once = 512; // max number of removals in one function on the writer

} // namespace

relay::relay(const runner_context& c, const std::string& outlet, subscription_id id, publisher& publisher, int window,
             wire_names numbered)
    : runner{c, {.name = outlet, .topics = {}}, id}, publisher_{publisher}, window_{window}, numbered_{std::move(numbered)} {}

void relay::note_settled(const std::vector<event_seq>& seqs) {
    settled_.insert(settled_.end(), seqs.begin(), seqs.end());
    wake();
}

void relay::note_unsendable(event e, std::string reason) {
    unsendable_.push_back({.event = std::move(e), .attempts = 1, .reason = std::move(reason), .dead = true, .due = {}});
    wake();
}

void relay::resume() {
    is_held_ = false;
    wake();
}

awaitable<bool> relay::run_once() {
    while (!settled_.empty())
        co_await remove_settled();
    while (!unsendable_.empty())
        co_await give_up_unsendable();
    // Each read also returns the deliveries in flight, so reading is worth its cost only when half of the window is free.
    if (!is_held_ && !stopping_ && static_cast<int>(in_flight_.size()) <= window_ / 2)
        co_await send_heads();
    co_return !settled_.empty();
}

awaitable<> relay::remove_settled() {
    const auto count = std::min(settled_.size(), max_removals_at_once);
    const std::vector<event_seq> batch{settled_.begin(), settled_.begin() + static_cast<std::ptrdiff_t>(count)};
    const auto removed = co_await context_.store.write(
        [&](storage::transaction& t) -> result<> {
            for (const auto seq : batch)
                if (const auto flight = in_flight_.find(seq); flight != in_flight_.end()) {
                    (void)table::remove_delivery(t, id_, seq);
                    table::promote(t, id_, flight->second);
                }
            return {};
        },
        storage::write_priority::internal);
    if (!removed)
        throw storage::outage{removed.error().detail};
    settled_.erase(settled_.begin(), settled_.begin() + static_cast<std::ptrdiff_t>(count));
    for (const auto seq : batch)
        in_flight_.erase(seq);
    count_handled(static_cast<double>(count));
}

awaitable<> relay::give_up_unsendable() {
    const auto failed = unsendable_.front(); // a copy, because others may be appended in the meantime
    const auto recorded = co_await context_.store.write(
        [&](storage::transaction& t) -> result<> {
            record_death(t, failed);
            return {};
        },
        storage::write_priority::internal);
    if (!recorded)
        throw storage::outage{recorded.error().detail};
    unsendable_.pop_front();
    in_flight_.erase(failed.event.seq);
    report(failed);
}

awaitable<> relay::send_heads() {
    auto heads = co_await context_.store.read([&](storage::snapshot& s) -> result<found_heads> { return find_heads(s); });
    if (!heads)
        throw storage::outage{heads.error().detail};
    for (auto& e : heads->lost) {
        in_flight_.emplace(e.seq, e.key);
        note_unsendable(std::move(e), std::string{table::lost_event_reason});
    }
    for (const auto& e : heads->to_send)
        in_flight_.emplace(e.seq, e.key);
    if (!heads->to_send.empty())
        publisher_.send(std::move(heads->to_send));
}

/// Reads the first deliveries of up to `window_` keys, so that the new ones among them can fill the free part of the window.
relay::found_heads relay::find_heads(storage::snapshot& s) const {
    found_heads found;
    if (table::is_paused(s, id_))
        return found; // the commit that resumes it wakes this runner
    const auto publisher = numbered_.empty() ? std::string{} : table::find_identity(s).value().publisher;
    const auto free_slots = static_cast<std::size_t>(window_) - in_flight_.size();
    for (const auto seq : table::ready_seqs(s, id_, window_)) {
        if (found.to_send.size() == free_slots)
            break;
        if (in_flight_.contains(seq))
            continue;
        if (auto e = table::find_event(s, seq)) {
            found.to_send.push_back({*std::move(e), publisher, numbers_of(s, seq)});
        } else {
            auto& lost = found.lost.emplace_back();
            lost.seq = seq;
            lost.key = table::key_of_delivery(s, id_, seq);
        }
    }
    return found;
}

std::string relay::numbers_of(storage::snapshot& s, event_seq seq) const {
    std::string header;
    if (numbered_.empty())
        return header;
    for (const auto& [subscription, number] : table::sent_numbers(s, seq))
        if (const auto name = std::ranges::find(numbered_, subscription, &wire_names::value_type::first);
            name != numbered_.end())
            append_number(header, {name->second, number});
    return header;
}

} // namespace atrium::events::rabbitmq
