#include "core/journal.hpp"

#include "core/number_receiver.hpp"
#include "core/topic_list.hpp"

#include <base/ids.hpp>
#include <events/journal_copy.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace atrium::events {
namespace {

constexpr std::string_view owner = "events";

void check(const new_event& e) {
    const bool is_valid = is_topic(e.topic) && !e.key.empty() && e.priority >= 0 && e.priority <= 9 && e.data.starts_with('{');
    if (!is_valid)
        throw std::logic_error{"invalid event: topic \"" + e.topic + "\", key \"" + e.key + "\", priority " +
                               std::to_string(e.priority) + ", data " + e.data};
}

/// The rows of events_subscription while they are being updated.
class recorded_rows {
public:
    explicit recorded_rows(storage::transaction& t) : transaction_{t}, rows_{table::subscriptions(t)} {}

    table::subscription_row* find(std::string_view name) {
        const auto found = std::ranges::find(rows_, name, [](const auto& row) { return std::string_view{row.name}; });
        return found == rows_.end() ? nullptr : &*found;
    }

    table::subscription_row& insert(const std::string& name, const std::string& topics, event_seq began) {
        const auto id = table::insert_subscription(transaction_, name, topics, began);
        return rows_.emplace_back(table::subscription_row{id, name, topics, began, false});
    }

    void update(table::subscription_row& row, const std::string& name, const std::string& topics) {
        if (row.name != name)
            table::rename_subscription(transaction_, row.id, row.name = name);
        if (row.topics != topics)
            table::set_topics(transaction_, row.id, row.topics = topics);
    }

    [[nodiscard]] const std::vector<table::subscription_row>& all() const noexcept { return rows_; }

private:
    storage::transaction& transaction_;
    std::vector<table::subscription_row> rows_;
};

} // namespace

change_of_copy journal_change_of_copy() noexcept {
    return {.table = "events_identity",
            .statement = "UPDATE events_identity SET former_publisher = publisher, publisher = '' WHERE publisher <> ''"};
}

journal::journal(const clock& time, notify on_commit, feed& followed_feed, metrics::registry& metrics)
    : time_{time}, on_commit_{std::move(on_commit)}, feed_{followed_feed}, metrics_{metrics} {}

journal::record_result journal::record(storage::transaction& t, std::span<const subscription> known,
                                       std::span<const outlet> outlets) {
    last_place_ = table::last_place(t);
    record_result done;
    recorded_rows rows{t};
    for (const auto& declared : known) {
        const auto topics = join_topics(declared.topics);
        auto* row = rows.find(declared.name);
        if (!row && !declared.was.empty())
            row = rows.find(declared.was);
        if (!row) {
            const bool is_from_earliest = declared.start == start_from::earliest;
            row = &rows.insert(declared.name, topics, is_from_earliest ? event_seq{} : table::last_seq(t));
            if (is_from_earliest)
                deliver_history(t, row->id, split_topics(topics));
        }
        for (const auto& former : split_topics(row->topics))
            if (std::ranges::find(declared.topics, former.text()) == declared.topics.end())
                table::insert_stale_topic(t, row->id, former.text());
        for (const auto& topic : declared.topics)
            table::remove_stale_topic(t, row->id, topic);
        for (auto& topic : table::stale_topics(t, row->id))
            done.stale.push_back({row->id, declared.name, std::move(topic)});
        rows.update(*row, declared.name, topics);
        done.subscriptions.push_back(row->id);
    }
    for (const auto& outlet : outlets) {
        auto* row = rows.find(outlet.name);
        if (!row)
            row = &rows.insert(outlet.name, join_topics(outlet.topics), table::last_seq(t));
        rows.update(*row, outlet.name, join_topics(outlet.topics));
        done.outlets.push_back(row->id);
    }

    ensure_identity(t);
    destinations_.clear();
    local_.clear();
    outlets_.clear();
    numbered_.clear();
    for (const auto& row : rows.all()) {
        const auto is_in = [&](const auto& ids) { return std::ranges::find(ids, row.id) != ids.end(); };
        if (is_in(done.outlets))
            outlets_.push_back({row.id, split_topics(row.topics), row.began});
        if (is_outlet(row.name)) {
            if (!is_in(done.outlets) && row.name != relay_name && table::has_pending(t, row.id))
                done.unused.push_back(row.name);
            continue;
        }
        local_.push_back({row.id, split_topics(row.topics), row.began});
        if (!is_in(done.subscriptions))
            done.unclaimed.push_back(row.name);
        else if (!outlets.empty())
            numbered_.push_back(local_.back());
    }
    if (table::find_identity(t).value().publisher.empty()) { // the database is a restored backup
        const auto* relay = rows.find(relay_name);
        renumber(t, relay ? relay->id : subscription_id{});
    }
    return done;
}

void journal::forget_stale(storage::transaction& t, std::span<const stale_topic> unbound) {
    for (const auto& each : unbound)
        table::remove_stale_topic(t, each.id, each.topic);
}

void journal::ensure_identity(storage::transaction& t) const {
    if (!table::find_identity(t))
        table::set_identity(t, {make_uuid_v7(time_.now()), make_uuid_v7(time_.now()), {}});
}

event journal::complete(new_event e) const {
    auto source = "/atrium/" + e.topic.substr(0, e.topic.find('.'));
    return {.id = make_uuid_v7(time_.now()),
            .source = std::move(source),
            .topic = std::move(e.topic),
            .key = std::move(e.key),
            .priority = e.priority,
            .time = time_.now(),
            .traceparent = e.traceparent.empty() ? make_traceparent() : std::move(e.traceparent),
            .data = std::move(e.data),
            .replay = {}};
}

event_seq journal::publish(storage::transaction& t, new_event e) {
    check(e);
    const auto request_id = std::move(e.request_id);
    const auto deliver_at = e.deliver_at;
    auto published = complete(std::move(e));
    const storage::acting_as as{t, owner};
    published.seq = append(t, published, request_id);
    const auto& targets = destination_of(published.topic);
    targets.published.increment();
    if (deliver_at && *deliver_at > published.time) {
        table::insert_scheduled(t, published.seq, *deliver_at);
        mark_dirty(t, schedule_id);
        return published.seq;
    }
    for (const auto subscription : targets.subscriptions)
        deliver(t, subscription, published);
    for (const auto subscription : targets.numbered)
        table::insert_sent_number(t, subscription, published.seq);
    return published.seq;
}

journal::due_events journal::deliver_due(storage::transaction& t, int limit) {
    due_events done;
    for (const auto seq : table::due_seqs(t, time_.now(), limit)) {
        table::remove_scheduled(t, seq);
        if (const auto e = table::find_event(t, seq)) {
            deliver_scheduled(t, *e);
            ++done.delivered;
        } else {
            done.lost.push_back(seq);
        }
    }
    return done;
}

/// Delivers the event to the subscriptions that existed when it was published. If there are outlets, the event is delivered to
/// these instead, and `receive` later leaves out the subscriptions that began after the publication.
void journal::deliver_scheduled(storage::transaction& t, const event& e) {
    const bool is_outbound = !outlets_.empty();
    for (const auto& each : is_outbound ? outlets_ : local_)
        if (matches_any(each.topics, e.topic) && (is_outbound || e.seq > each.began) &&
            !table::has_delivery(t, each.subscription, e.seq))
            deliver(t, each.subscription, e);
    for (const auto subscription : destination_of(e.topic).numbered)
        table::insert_sent_number(t, subscription, e.seq, table::last_seq(t));
}

bool journal::receive(storage::transaction& t, subscription_id subscription, const event& e) {
    auto known = table::find_event(t, e.id); // found if the event was published here, or was received before
    if (known && known->source != e.source)
        throw std::runtime_error{"its id " + e.id + " belongs to another event, from " + known->source};
    if (!table::insert_received(t, subscription, e.id, time_.now()))
        return false;
    if (known) {
        const auto own_route = std::ranges::find(local_, subscription, &route::subscription);
        const bool is_too_old = own_route != local_.end() && known->seq <= own_route->began;
        // The id of an event may have been removed from events_received while its delivery is still pending.
        if (is_too_old || table::has_delivery(t, subscription, known->seq))
            return false;
    } else {
        known = e;
        known->seq = append(t, e);
    }
    deliver(t, subscription, *known);
    return true;
}

void journal::make_dead_letter(storage::transaction& t, subscription_id subscription, std::string_view topic, std::string data,
                               std::string_view reason) {
    auto kept = complete({.topic = std::string{topic}, .key = "unreadable", .data = std::move(data)});
    kept.seq = append(t, kept);
    table::insert_delivery(t, subscription, kept, next_place());
    table::make_dead_letter(
        t, {.place = {kept.seq, subscription}, .topic = topic, .attempts = 0, .error = reason, .at = kept.time});
    table::promote(t, subscription, kept.key);
}

void journal::renumber(storage::transaction& t, subscription_id outlet) {
    const auto identity = table::find_identity(t).value();
    const auto& former = identity.publisher.empty() ? identity.former_publisher : identity.publisher;
    table::set_identity(t, {identity.receiver, make_uuid_v7(time_.now()), former});
    table::clear_sent_numbers(t);
    auto waiting = table::pending_seqs(t, outlet);
    std::ranges::sort(waiting);
    for (const auto seq : waiting)
        if (const auto e = table::find_event(t, seq))
            for (const auto subscription : destination_of(e->topic).numbered)
                table::insert_sent_number(t, subscription, seq);
}

std::int64_t journal::reroute_to_local(storage::transaction& t) {
    std::int64_t events = 0;
    for (const auto& row : table::subscriptions(t)) {
        if (row.name != relay_name)
            continue;
        for (const auto seq : table::pending_seqs(t, row.id)) {
            if (const auto waiting = table::find_event(t, seq))
                for (const auto& each : local_)
                    // insert_received is needed because the broker may have stored the event without confirming it, and may
                    // deliver it when a broker is used again.
                    if (matches_any(each.topics, waiting->topic) && seq > each.began &&
                        !table::has_delivery(t, each.subscription, seq) &&
                        table::insert_received(t, each.subscription, waiting->id, time_.now()))
                        deliver(t, each.subscription, *waiting);
            count_as_received(t, seq);
            (void)table::remove_delivery(t, row.id, seq);
            ++events;
        }
    }
    return events;
}

/// Records that the subscriptions of this database have the event, so that they do not request it from its publisher when a
/// broker is used again.
void journal::count_as_received(storage::transaction& t, event_seq seq) const {
    const auto publisher = table::find_identity(t).value().publisher;
    for (const auto& [subscription, number] : table::sent_numbers(t, seq)) {
        number_receiver numbers{t, subscription, time_.now()};
        (void)numbers.receive(publisher, number);
        numbers.save();
    }
}

bool journal::retry_dead_letter(storage::transaction& t, const dead_letter_place& place) {
    if (!table::retry_dead_letter(t, place, next_place()))
        return false;
    mark_dirty(t, place.subscription);
    return true;
}

event_seq journal::publish_correction(storage::transaction& t, const dead_letter_place& place, const event& original,
                                      std::string data, const initiator& origin) {
    auto corrected = complete({.topic = original.topic,
                               .key = original.key,
                               .data = std::move(data),
                               .priority = original.priority,
                               .traceparent = origin.traceparent});
    corrected.source = original.source;
    corrected.seq = append(t, corrected, origin.request_id);
    table::set_edited_from(t, corrected.seq, to_dead_letter_id(place));
    deliver(t, place.subscription, corrected);
    return corrected.seq;
}

bool journal::redeliver(storage::transaction& t, subscription_id subscription, const event& e, std::string_view replay) {
    if (table::has_delivery(t, subscription, e.seq))
        return false;
    (void)table::insert_received(t, subscription, e.id, time_.now()); // so that a later delivery by the broker is ignored
    table::insert_replay(t, subscription, e, next_place(), replay);
    mark_dirty(t, subscription);
    return true;
}

event_seq journal::append(storage::transaction& t, const event& e, std::string_view request_id) {
    grew_ = true;
    t.after_commit(*this);
    return table::insert_event(t, e, request_id);
}

void journal::deliver(storage::transaction& t, subscription_id subscription, const event& e) {
    table::insert_delivery(t, subscription, e, next_place());
    mark_dirty(t, subscription);
}

/// Delivers the events that the log still holds. This is one transaction, however long it takes, so that events that are
/// published in the meantime come after them.
void journal::deliver_history(storage::transaction& t, subscription_id subscription, std::span<const topic_pattern> topics) {
    constexpr int max_page = 500;
    event_seq seen;
    for (auto page = table::events_after(t, seen, max_page); !page.empty(); page = table::events_after(t, seen, max_page)) {
        for (const auto& event : page)
            if (matches_any(topics, event.topic) && table::find_origin(t, event.seq)->edited_from.empty() &&
                !table::find_scheduled(t, event.seq)) {
                // so that a later delivery by the broker is ignored
                (void)table::insert_received(t, subscription, event.id, time_.now());
                deliver(t, subscription, event);
            }
        seen = page.back().seq;
    }
}

void journal::mark_dirty(storage::transaction& t, subscription_id subscription) {
    if (std::ranges::find(dirty_, subscription) == dirty_.end())
        dirty_.push_back(subscription);
    t.after_commit(*this);
}

void journal::committed() noexcept {
    if (!dirty_.empty())
        on_commit_(dirty_);
    dirty_.clear();
    if (std::exchange(grew_, false))
        feed_.on_committed();
}

const journal::destination& journal::destination_of(const std::string& topic) {
    if (const auto known = destinations_.find(topic); known != destinations_.end())
        return known->second;

    destination created{{},
                        {},
                        metrics_.counter("atrium_events_published_total",
                                         "Events written to the journal, including those that were rolled back afterwards",
                                         {{"topic", topic}})};
    for (const auto& each : outlets_.empty() ? local_ : outlets_)
        if (matches_any(each.topics, topic))
            created.subscriptions.push_back(each.subscription);
    for (const auto& each : numbered_)
        if (matches_any(each.topics, topic))
            created.numbered.push_back(each.subscription);
    return destinations_.emplace(topic, std::move(created)).first->second;
}

} // namespace atrium::events
