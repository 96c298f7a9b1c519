#include "resender.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

std::optional<outgoing_event> find_outgoing(storage::snapshot& s, const number_responder::receiver& target,
                                            const std::string& publisher, event_seq seq) {
    const auto numbers = table::sent_numbers(s, seq);
    const auto number = std::ranges::find(numbers, target.subscription, &table::sent_number_row::subscription);
    if (number == numbers.end())
        return std::nullopt;
    auto e = table::find_event(s, seq);
    if (!e)
        return std::nullopt;
    outgoing_event sent{*std::move(e), publisher};
    append_number(sent.numbers, {target.wire_name, number->number});
    sent.is_repeated = true;
    sent.queue = target.queue;
    return sent;
}

} // namespace

resender::resender(const runner_context& c, subscription_id outlet, publisher& publisher,
                   std::vector<number_responder::receiver> receivers)
    : context_{c}, outlet_{outlet}, publisher_{publisher}, receivers_{std::move(receivers)} {}

awaitable<result<std::int64_t>> resender::send(subscription_id subscription, std::vector<event_seq> events) {
    auto current = find(subscription, events);
    if (current == batches_.end()) {
        const auto target = std::ranges::find(receivers_, subscription, &number_responder::receiver::subscription);
        if (target == receivers_.end())
            co_return error{errc::conflict, "the subscription gets nothing through the broker"};
        auto outgoing = co_await read(*target, events);
        if (!outgoing)
            co_return outgoing.error();
        current = batches_.insert(batches_.end(), batch{.subscription = subscription,
                                                        .events = std::move(events),
                                                        .outstanding = {},
                                                        .settlement = steady_timer{context_.dispatcher_executor}});
        begin(*current, *std::move(outgoing));
    }
    if (!current->outstanding.empty() && !stopping_) {
        current->settlement.expires_after(patience);
        boost::system::error_code cancelled;
        co_await current->settlement.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
    if (!current->outstanding.empty())
        co_return error{errc::unavailable, "the broker has not confirmed all events yet"};
    const auto confirmed = current->confirmed;
    batches_.erase(current);
    co_return confirmed;
}

/// Leaves out events that wait at the relay, because they will be sent anyway.
awaitable<result<std::vector<outgoing_event>>> resender::read(const number_responder::receiver& target,
                                                              const std::vector<event_seq>& events) const {
    co_return co_await context_.store.read([&](storage::snapshot& s) -> result<std::vector<outgoing_event>> {
        std::vector<outgoing_event> found;
        const auto identity = table::find_identity(s).value_or(table::identity_row{});
        for (const auto seq : events)
            if (!table::has_delivery(s, outlet_, seq))
                if (auto e = find_outgoing(s, target, identity.publisher, seq))
                    found.push_back(*std::move(e));
        return found;
    });
}

std::list<resender::batch>::iterator resender::find(subscription_id subscription, const std::vector<event_seq>& events) {
    return std::ranges::find_if(batches_,
                                [&](const batch& each) { return each.subscription == subscription && each.events == events; });
}

void resender::begin(batch& b, std::vector<outgoing_event> events) {
    for (auto& e : events) {
        e.seq = {--last_seq_};
        b.outstanding.insert(e.seq);
    }
    if (!events.empty())
        publisher_.send(std::move(events));
}

void resender::note_settled(const std::vector<event_seq>& seqs, bool confirmed) {
    for (auto& each : batches_) {
        for (const auto seq : seqs)
            if (each.outstanding.erase(seq) > 0 && confirmed)
                ++each.confirmed;
        if (each.outstanding.empty())
            each.settlement.cancel();
    }
}

void resender::stop() {
    stopping_ = true;
    for (auto& each : batches_)
        each.settlement.cancel();
}

} // namespace atrium::events::rabbitmq
