#include "journal.hpp"

#include <base/ids.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::events {
namespace {

constexpr std::string_view owner = "events";

std::string join(const std::vector<std::string>& patterns) {
    std::string text;
    for (const auto& pattern : patterns)
        text.append(text.empty() ? "" : " ").append(pattern);
    return text;
}

std::vector<topic_pattern> split(std::string_view text) {
    std::vector<topic_pattern> patterns;
    while (!text.empty()) {
        const auto blank = std::min(text.find(' '), text.size());
        patterns.emplace_back(text.substr(0, blank));
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    return patterns;
}

bool matches(std::span<const topic_pattern> patterns, std::string_view topic) {
    return std::ranges::any_of(patterns, [&](const auto& pattern) { return pattern.matches(topic); });
}

/// Words of lower-case letters, digits and '_', divided by single dots; at least the module and what happened.
bool is_topic(std::string_view text) {
    char before = '.';
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!letter && (c != '.' || before == '.'))
            return false;
        before = c;
    }
    return before != '.' && text.find('.') != std::string_view::npos;
}

void check(const new_event& e) {
    const bool sound = is_topic(e.topic) && !e.key.empty() && e.priority >= 0 && e.priority <= 9 && e.data.starts_with('{');
    if (!sound)
        throw std::logic_error{"no event can have topic \"" + e.topic + "\", key \"" + e.key + "\", priority " +
                               std::to_string(e.priority) + " and data " + e.data};
}

/// What the log still holds, for a subscription that wants it. One transaction, however long: events published meanwhile come
/// after.
void deliver_history(storage::transaction& t, std::int64_t subscription, std::span<const topic_pattern> topics) {
    constexpr int at_once = 500;
    std::int64_t seen = 0;
    for (auto page = table::events_after(t, seen, at_once); !page.empty(); page = table::events_after(t, seen, at_once)) {
        for (const auto& event : page)
            if (matches(topics, event.topic))
                table::insert_delivery(t, subscription, event);
        seen = page.back().seq;
    }
}

} // namespace

journal::journal(const clock& time, notify on_commit, metrics::registry& metrics)
    : time_{time}, on_commit_{std::move(on_commit)}, metrics_{metrics} {}

std::vector<std::int64_t> journal::record(storage::transaction& t, std::span<const subscription> known,
                                          std::vector<std::string>& unclaimed) {
    auto recorded = table::subscriptions(t);
    const auto find = [&](std::string_view name) {
        return std::ranges::find(recorded, name, [](const auto& row) { return std::string_view{row.name}; });
    };

    std::vector<std::int64_t> ids;
    for (const auto& wanted : known) {
        const auto topics = join(wanted.topics);
        auto row = find(wanted.name);
        if (row == recorded.end() && !wanted.was.empty())
            row = find(wanted.was);
        if (row == recorded.end()) {
            const bool all = wanted.start == start_from::earliest;
            const auto began = all ? 0 : table::last_seq(t);
            recorded.push_back({table::insert_subscription(t, wanted.name, topics, began), wanted.name, topics});
            row = recorded.end() - 1;
            if (all)
                deliver_history(t, row->id, split(topics));
        }
        if (row->name != wanted.name)
            table::rename_subscription(t, row->id, row->name = wanted.name);
        if (row->topics != topics)
            table::set_topics(t, row->id, row->topics = topics);
        ids.push_back(row->id);
    }

    routes_.clear();
    destinations_.clear();
    unclaimed.clear();
    for (const auto& row : recorded) {
        routes_.push_back({row.id, split(row.topics)});
        if (std::ranges::find(ids, row.id) == ids.end())
            unclaimed.push_back(row.name);
    }
    return ids;
}

void journal::publish(storage::transaction& t, new_event e) {
    check(e);
    event made{.id = make_uuid_v7(time_.now()),
               .source = "/atrium/" + e.topic.substr(0, e.topic.find('.')),
               .topic = std::move(e.topic),
               .key = std::move(e.key),
               .priority = e.priority,
               .time = time_.now(),
               .traceparent = e.traceparent.empty() ? make_traceparent() : std::move(e.traceparent),
               .data = std::move(e.data)};

    const storage::acting_as as{t, owner};
    made.seq = table::insert_event(t, made);
    const auto& to = destination_of(made.topic);
    for (const auto subscription : to.subscriptions) {
        table::insert_delivery(t, subscription, made);
        touch(t, subscription);
    }
    to.published.increment();
}

void journal::touch(storage::transaction& t, std::int64_t subscription) {
    if (std::ranges::find(touched_, subscription) == touched_.end())
        touched_.push_back(subscription);
    t.after_commit(*this);
}

void journal::committed() noexcept {
    on_commit_(touched_);
    touched_.clear();
}

const journal::destination& journal::destination_of(const std::string& topic) {
    if (const auto known = destinations_.find(topic); known != destinations_.end())
        return known->second;

    destination made{{},
                     metrics_.counter("atrium_events_published_total", "Events written to the journal.", {{"topic", topic}})};
    for (const auto& [subscription, topics] : routes_)
        if (matches(topics, topic))
            made.subscriptions.push_back(subscription);
    return destinations_.emplace(topic, std::move(made)).first->second;
}

} // namespace atrium::events
