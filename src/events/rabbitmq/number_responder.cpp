#include "number_responder.hpp"

#include "topology.hpp"
#include "wire.hpp"

#include <base/ids.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::size_t max_waiting =
    64; // max number of waiting inquiries; others are dropped, because a receiver that gets no report sends another inquiry

} // namespace

number_responder::number_responder(const runner_context& c, journal& journal, subscription_id outlet, publisher& publisher,
                                   std::string exchange, std::vector<receiver> receivers)
    : context_{c}, journal_{journal}, outlet_{outlet}, publisher_{publisher}, exchange_{std::move(exchange)},
      receivers_{std::move(receivers)} {}

void number_responder::add_inquiry(const message& m) {
    auto inquiry = read_inquiry(m);
    if (!inquiry || is_stopping_)
        return;
    std::erase_if(waiting_, [&](const number_inquiry& earlier) {
        return earlier.subscription == inquiry->subscription && earlier.receiver == inquiry->receiver;
    });
    if (waiting_.size() >= max_waiting)
        return;
    waiting_.push_back(*std::move(inquiry));
    if (is_working_)
        return;
    is_working_ = true;
    spawn_logged(context_.dispatcher_executor, answer_all(), context_.log, "answers about delivery numbers");
}

awaitable<> number_responder::answer_all() {
    while (!waiting_.empty() && !is_stopping_) {
        const auto inquiry = std::move(waiting_.front());
        waiting_.pop_front();
        const auto target = std::ranges::find(receivers_, inquiry.subscription, &receiver::wire_name);
        if (target == receivers_.end())
            continue;
        try {
            co_await answer_one(inquiry, *target);
        } catch (const std::exception& e) {
            context_.log.warning("an inquiry about missing events could not be answered; the receiver will repeat it",
                                 {{"subscription", inquiry.subscription}, {"reason", e.what()}});
        }
    }
    is_working_ = false;
}

awaitable<> number_responder::answer_one(const number_inquiry& inquiry, const receiver& target) {
    const auto prepare_answer = [&](storage::snapshot& s) -> result<answer> { return prepare(s, inquiry, target); };
    auto found = co_await context_.store.read(prepare_answer);
    if (found && (found->is_restored || found->is_new_receiver)) {
        const auto recorded = co_await context_.store.write(
            [&](storage::transaction& t) -> result<> {
                record(t, prepare(t, inquiry, target), target);
                return {};
            },
            storage::write_priority::internal);
        if (!recorded)
            throw storage::outage{recorded.error().detail};
        if (found->is_restored)
            context_.log.warning(
                "a receiver has events that this database does not contain: the database was restored from a copy "
                "and renumbers its events",
                {{"subscription", inquiry.subscription}});
        found = co_await context_.store.read(prepare_answer);
    }
    if (!found)
        throw storage::outage{found.error().detail};

    std::vector<addressed_message> messages;
    for (const auto& each : found->events)
        if (auto m = wire::write(each)) {
            add_numbers(*m, each);
            messages.push_back({probe_exchange(exchange_), target.queue, *std::move(m)});
        }
    if (!found->events.empty())
        context_.log.warning("events that the broker has dropped are sent again",
                             {{"subscription", inquiry.subscription}, {"events", found->events.size()}});
    messages.push_back({probe_exchange(exchange_), target.queue, write(found->report, make_uuid_v7(context_.time.now()))});
    publisher_.send_aside(std::move(messages));
}

number_responder::answer number_responder::prepare(storage::snapshot& s, const number_inquiry& inquiry,
                                                   const receiver& target) const {
    answer a;
    const auto identity = table::find_identity(s).value_or(table::identity_row{});
    const auto confirmed = table::first_unconfirmed(s, target.subscription, outlet_);
    const auto recorded = table::find_receiver(s, target.subscription);
    a.is_new_receiver = !recorded || recorded->receiver != inquiry.receiver;
    a.report = {.publisher = identity.publisher,
                .former_publisher = identity.former_publisher,
                .receiver = inquiry.receiver,
                .since = a.is_new_receiver ? (recorded ? confirmed : delivery_number{1}) : recorded->since,
                .confirmed = confirmed,
                .unavailable = {}};
    const auto entry = std::ranges::find(inquiry.publishers, identity.publisher, &number_inquiry::publisher::id);
    if (entry == inquiry.publishers.end())
        return a; // the receiver has received nothing from this publisher yet
    a.is_restored = entry->next > table::next_sent_number(s, target.subscription);
    for (const auto& range : entry->missing)
        if (!a.is_restored)
            add_missing(s, range, target, a);
    return a;
}

/// Adds the missing events to the answer, or their numbers if they cannot be sent again. Leaves out events that the broker has
/// not confirmed yet, because they are still being sent and so cannot be lost.
void number_responder::add_missing(storage::snapshot& s, number_range missing, const receiver& target, answer& a) const {
    auto& unavailable = a.report.unavailable;
    auto number = std::max(missing.first, a.report.since);
    const delivery_number end{std::min(missing.last.value + 1, a.report.confirmed.value)};
    while (number < end && a.events.size() < max_events && a.bytes < max_bytes && unavailable.size() < max_events) {
        const auto next = table::find_sent_number(s, target.subscription, number);
        const auto found = next && next->number < end ? next->number : end;
        if (number < found)
            unavailable.push_back({number, {found.value - 1}});
        number = {found.value + 1};
        if (found == end)
            return;
        if (auto e = find_missing(s, next->seq)) {
            a.bytes += e->data.size();
            a.events.push_back(with_number(*std::move(e), a.report.publisher, target, found));
        } else {
            unavailable.push_back({found, found});
        }
    }
}

/// Returns an event that can be sent again; empty if it is a dead letter of the relay, or if the journal no longer holds it.
std::optional<event> number_responder::find_missing(storage::snapshot& s, event_seq seq) const {
    return table::has_delivery(s, outlet_, seq) ? std::nullopt : table::find_event(s, seq);
}

outgoing_event number_responder::with_number(event e, const std::string& publisher, const receiver& target,
                                             delivery_number number) const {
    outgoing_event repeated{std::move(e), publisher};
    append_number(repeated.numbers, {target.wire_name, number});
    repeated.is_repeated = true;
    return repeated;
}

void number_responder::record(storage::transaction& t, const answer& a, const receiver& target) const {
    if (a.is_restored)
        journal_.renumber(t, outlet_);
    table::set_receiver(t, target.subscription, {a.report.receiver, a.is_restored ? delivery_number{1} : a.report.since});
}

} // namespace atrium::events::rabbitmq
