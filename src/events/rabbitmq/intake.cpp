#include "intake.hpp"

#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <base/text.hpp>

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::size_t max_batch = 256; // max number of messages in one function on the writer
constexpr std::size_t max_batch_bytes =
    2 * 1024 * 1024; // max total size of the bodies of these messages; the last body may exceed it
constexpr std::chrono::seconds pause_after_fault{1};
constexpr std::size_t max_described_body = frame_assembler::oversized_prefix;

/// Describes a message that is not an event, as a JSON object.
std::string describe(const message& m) {
    std::string text;
    json_writer json{text};
    const auto body = std::string_view{m.body}.substr(0, max_described_body);
    json.begin_object().key("routing_key").value(is_utf8(m.routing_key) ? m.routing_key : to_base64url(m.routing_key));
    json.key("content_type").value(is_utf8(m.content_type) ? m.content_type : to_base64url(m.content_type));
    json.key("message_id").value(is_utf8(m.message_id) ? m.message_id : to_base64url(m.message_id));
    if (is_utf8(body))
        json.key("body").value(body);
    else
        json.key("body_base64url").value(to_base64url(body));
    json.key("body_size").value(static_cast<std::int64_t>(m.body.size() + m.omitted)).end_object();
    return text;
}

metrics::counter counter(const runner_context& c, std::string_view outcome) {
    return c.metrics.counter("atrium_rabbitmq_intake_total", "Messages received from the broker, by outcome",
                             {{"outcome", std::string{outcome}}});
}

} // namespace

intake::intake(const runner_context& c, journal& journal, std::string name, destination target)
    : context_{c}, journal_{journal}, name_{std::move(name)}, target_{std::move(target)}, pause_{c.dispatcher_executor},
      received_metric_{counter(c, "taken_in")}, duplicates_metric_{counter(c, "duplicate")},
      unreadable_metric_{counter(c, "unreadable")},
      missing_metric_{c.metrics.counter("atrium_events_missing_total", "Events that the broker is known to have dropped",
                                        {{"subscription", name_}})},
      recovered_metric_{c.metrics.counter("atrium_events_recovered_total", "Dropped events that their publisher has sent again",
                                          {{"subscription", name_}})},
      lost_metric_{c.metrics.counter("atrium_events_lost_total", "Missing events that their publisher cannot send",
                                     {{"subscription", name_}})} {}

void intake::add_received(std::vector<received> messages) {
    redelivered_ += static_cast<std::uint64_t>(std::ranges::count_if(messages, &received::redelivered));
    std::move(messages.begin(), messages.end(), std::back_inserter(waiting_));
    if (is_working_ || is_stopping_)
        return;
    is_working_ = true;
    spawn_logged(context_.dispatcher_executor, commit_all(), context_.log, "intake of " + name_);
}

void intake::stop() {
    is_stopping_ = true;
    pause_.cancel();
}

awaitable<> intake::commit_all() {
    while (!waiting_.empty() && !is_stopping_) {
        bool committed = false;
        try {
            co_await commit_some();
            committed = true;
        } catch (const std::exception& e) {
            if (fault_log_.pass())
                context_.log.error("messages from the broker cannot be stored; nothing more is read until they can",
                                   {{"subscription", name_}, {"reason", e.what()}});
        }
        if (committed) {
            fault_log_.reset();
            consumer_->resume();
            continue;
        }
        consumer_->pause();
        pause_.expires_after(pause_after_fault);
        boost::system::error_code cancelled;
        co_await pause_.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
    is_working_ = false;
}

std::size_t intake::batch_size() const {
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < std::min(waiting_.size(), max_batch) && bytes < max_batch_bytes; ++count)
        bytes += waiting_[count].content.body.size();
    return count;
}

/// The messages stay in `waiting_` until they are on disk; further messages may be appended in the meantime.
awaitable<> intake::commit_some() {
    std::vector<const received*> batch;
    for (std::size_t i = 0, count = batch_size(); i < count; ++i)
        batch.push_back(&waiting_[i]);
    const auto stored = co_await context_.store.write([&](storage::transaction& t) -> result<tally> { return store(t, batch); },
                                                      storage::write_priority::internal);
    if (!stored)
        throw storage::outage{stored.error().detail};
    received_metric_.increment(stored->received);
    duplicates_metric_.increment(stored->duplicates);
    unreadable_metric_.increment(stored->unreadable);
    acknowledge(batch.size());
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    report_outcomes(*stored);
}

intake::tally intake::store(storage::transaction& t, const std::vector<const received*>& batch) {
    tally outcomes;
    number_receiver numbers{t, target_.subscription, context_.time.now()};
    for (const auto* delivery : batch) {
        if (!is_report(delivery->content))
            receive(t, *delivery, outcomes);
        if (!target_.wire_name.empty())
            count_number(numbers, *delivery, outcomes);
    }
    numbers.save();
    record_losses(t, numbers);
    outcomes.numbers = numbers.changes();
    return outcomes;
}

/// The delivery number of a message counts as received even if the message could not be stored as an event.
void intake::count_number(number_receiver& numbers, const received& delivery, tally& outcomes) const {
    if (is_report(delivery.content)) {
        if (const auto report = read_report(delivery.content)) {
            numbers.receive_report(*report);
            ++outcomes.reports;
        }
        return;
    }
    if (const auto found = find_number(delivery.content, target_.wire_name))
        outcomes.has_skipped = numbers.receive(found->publisher, found->number, found->is_repeated) || outcomes.has_skipped;
}

/// Records lost events as dead letters, which are kept until an operator discards them.
void intake::record_losses(storage::transaction& t, const number_receiver& numbers) {
    for (const auto& [publisher, range] : numbers.losses()) {
        std::string data;
        json_writer json{data};
        json.begin_object().key("publisher").value(publisher).key("first").value(range.first.value);
        json.key("last").value(range.last.value).end_object();
        journal_.make_dead_letter(t, target_.subscription, lost_topic, std::move(data),
                                  "these events have not arrived, and their publisher cannot send them: its journal does "
                                  "not hold them any more, or RabbitMQ cannot carry them");
    }
}

void intake::report_outcomes(const tally& outcomes) {
    const auto& numbers = outcomes.numbers;
    missing_metric_.increment(static_cast<double>(numbers.noticed));
    recovered_metric_.increment(static_cast<double>(numbers.recovered));
    lost_metric_.increment(static_cast<double>(numbers.lost));
    if (numbers.noticed > 0)
        context_.log.error("the broker has dropped events of a subscription; their publisher is asked to send them again",
                           {{"subscription", name_},
                            {"events", numbers.noticed},
                            {"what_to_do", "look for a policy, a purge or a deleted queue at the broker"}});
    if (numbers.recovered > 0)
        context_.log.info("events that the broker had dropped have come again",
                          {{"subscription", name_}, {"events", numbers.recovered}});
    if (numbers.lost > 0)
        context_.log.error("events have not arrived, and their publisher cannot send them; a dead letter has their numbers",
                           {{"subscription", name_}, {"events", numbers.lost}});
    changes_since_report_ += numbers.noticed + numbers.recovered;
    if (inquirer_ && outcomes.reports > 0)
        inquirer_->note_report(std::exchange(changes_since_report_, 0) > 0);
    if (inquirer_ && outcomes.has_skipped)
        inquirer_->note_skipped_numbers();
}

/// A message that cannot be stored as an event, for whatever reason, becomes a dead letter and does not block the others. Only
/// a failure of the storage makes the other messages wait.
void intake::receive(storage::transaction& t, const received& delivery, tally& outcomes) {
    std::string reason;
    try {
        result<bool> taken{false};
        t.nested([&] {
            taken = target_.is_bridge ? receive_plain(t, delivery) : receive_event(t, delivery);
            return taken.has_value();
        });
        if (taken) {
            ++(*taken ? outcomes.received : outcomes.duplicates);
            return;
        }
        reason = taken.error().detail;
    } catch (const storage::outage&) {
        throw; // the cause is the storage, not the message
    } catch (const std::exception& e) {
        reason = e.what();
    }
    ++outcomes.unreadable;
    keep_unreadable(t, delivery, reason);
}

result<bool> intake::receive_event(storage::transaction& t, const received& delivery) {
    const auto e = wire::read(delivery.content);
    if (!e)
        return e.error();
    return journal_.receive(t, target_.subscription, *e);
}

/// Each message gets a key of its own, so that a message that cannot be handled does not block the others.
result<bool> intake::receive_plain(storage::transaction& t, const received& delivery) {
    auto plain = wire::read_plain(delivery.content);
    if (!plain)
        return plain.error();
    const auto id = plain->id.empty() ? make_uuid_v7(context_.time.now()) : plain->id;
    if (!plain->id.empty() && !table::insert_received(t, target_.subscription, id, context_.time.now()))
        return false;
    journal_.publish(t, {.topic = target_.topic, .key = name_ + "/" + id, .data = std::move(plain->data)});
    return true;
}

void intake::keep_unreadable(storage::transaction& t, const received& delivery, const std::string& reason) {
    journal_.make_dead_letter(t, target_.subscription, unreadable_topic, describe(delivery.content), reason);
    if (const auto unlogged = unreadable_log_.pass())
        context_.log.error("a message from the broker cannot become an event and is stored as a dead letter",
                           {{"subscription", name_}, {"reason", reason}, {"others_since_last_line", *unlogged}});
}

void intake::acknowledge(std::size_t committed) {
    for (std::size_t first = 0; first < committed;) {
        const auto generation = waiting_[first].generation;
        std::vector<std::uint64_t> tags;
        for (; first < committed && waiting_[first].generation == generation; ++first)
            tags.push_back(waiting_[first].tag);
        consumer_->acknowledge(generation, tags);
    }
}

} // namespace atrium::events::rabbitmq
