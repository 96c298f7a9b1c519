#include "event_json.hpp"

#include <base/json_texts.hpp>
#include <base/trace.hpp>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::operations {
namespace {

void show_text(json_writer& json, std::string_view key, std::string_view text) {
    if (text.empty())
        json.key(key).null();
    else
        json.key(key).value(text);
}

void show_time(json_writer& json, std::string_view key, const std::optional<timestamp>& time) {
    if (time)
        json.key(key).value(*time);
    else
        json.key(key).null();
}

void show_count(json_writer& json, std::string_view key, const events::capped_count& count) {
    show(json.key(key), count);
}

void show_failures(json_writer& json, const std::vector<events::delivery_failure>& failures) {
    json.key("errors").begin_array();
    for (const auto& each : failures)
        json.begin_object()
            .key("at")
            .value(each.at)
            .key("error")
            .value(each.error)
            .key("attempt")
            .value(each.attempt)
            .end_object();
    json.end_array();
}

/// The members of a dead letter, without the braces around them.
void show_members(json_writer& json, const events::dead_letter& d) {
    json.key("subscription").value(d.subscription).key("seq").value(d.event.seq.value);
    json.key("topic").value(d.event.topic).key("key").value(d.event.key);
    json.key("attempts").value(d.attempts).key("error").value(d.last_error);
    show_failures(json, d.failures);
    json.key("died_at").value(d.died);
    show(json.key("event"), d.event);
}

void show(json_writer& json, const events::delivery_journey& d) {
    json.begin_object().key("name").value(d.subscription).key("state").value(name_of(d.state));
    show_count(json, "position", d.position);
    json.key("attempts").value(d.attempts);
    show_time(json, "due", d.due);
    show_text(json, "replay", d.replay);
    show_text(json, "dead_letter", d.dead_letter);
    if (d.archive)
        json.key("archived").value(d.archive->value);
    show_failures(json, d.failures);
    json.end_object();
}

/// Rounds to three decimal places.
double rounded(double number) {
    return std::round(number * 1000) / 1000;
}

std::string_view name_of_resolution(events::resolution r) {
    switch (r) {
    case events::resolution::discarded: return "discarded";
    case events::resolution::edited: return "edited";
    case events::resolution::expired: return "expired";
    }
    return {};
}

} // namespace

void show(json_writer& json, const events::event& e) {
    json.begin_object();
    if (!e.id.empty()) {
        json.key("specversion").value("1.0").key("id").value(e.id).key("source").value(e.source);
        json.key("type").value(e.topic);
    }
    json.key("subject").value(e.key);
    if (!e.id.empty()) {
        json.key("time").value(e.time).key("datacontenttype").value("application/json");
        json.key("data").raw(e.data.empty() ? std::string_view{"null"} : std::string_view{e.data});
    }
    json.key("seq").value(e.seq.value).key("priority").value(e.priority);
    if (!e.traceparent.empty())
        json.key("traceparent").value(e.traceparent);
    json.end_object();
}

void show(json_writer& json, const events::capped_count& c) {
    if (c.capped)
        json.value(std::to_string(c.count) + "+");
    else
        json.value(c.count);
}

void show(json_writer& json, const events::journey& j) {
    json.begin_object().key("seq").value(j.event.seq.value);
    show(json.key("event"), j.event);
    show_text(json, "request_id", j.request_id);
    show_text(json, "trace_id", trace_of(j.event.traceparent));
    show_text(json, "edited_from", j.edited_from);
    json.key("subscriptions").begin_array();
    for (const auto& each : j.deliveries)
        show(json, each);
    json.end_array().end_object();
}

void show(json_writer& json, const events::subscription_state& s) {
    json.begin_object().key("name").value(s.name).key("topics");
    write_texts(json, s.topics);
    show_count(json, "pending", s.pending);
    show_count(json, "ready", s.ready);
    show_count(json, "backoff", s.backoff);
    show_count(json, "dead", s.dead);
    json.key("oldest_pending_ms").value(std::int64_t{s.oldest.count()}).key("rate").value(rounded(s.rate));
    show_text(json, "last_error", s.last_error);
    show_time(json, "last_error_at", s.last_failure);
    json.key("paused").value(s.paused).key("claimed").value(s.claimed).key("active").value(s.active).end_object();
}

void show(json_writer& json, const events::dead_letter& d) {
    json.begin_object().key("id").value(d.id);
    show_members(json, d);
    json.key("group").value(d.group.value).end_object();
}

void show(json_writer& json, const events::failure_group& g) {
    json.begin_object().key("id").value(g.id.value).key("subscription").value(g.subscription).key("topic").value(g.topic);
    json.key("error").value(g.error);
    show_count(json, "count", g.letters);
    json.key("first").value(g.first).key("last").value(g.last).key("example").value(g.example).end_object();
}

void show(json_writer& json, const events::archived_letter& a) {
    json.begin_object().key("id").value(a.id.value).key("dead_letter").value(a.letter.id);
    json.key("resolution").value(name_of_resolution(a.resolution));
    json.key("who").value(a.principal).key("reason").value(a.reason).key("at").value(a.at);
    if (a.replacement)
        json.key("replacement").value(a.replacement->value);
    show_members(json, a.letter);
    json.end_object();
}

void show(json_writer& json, const events::bulk_operation& o) {
    json.begin_object().key("id").value(o.id.value).key("verb").value(name_of(o.verb)).key("state").value(name_of(o.state));
    json.key("filter").raw(o.filter.empty() ? std::string_view{"{}"} : std::string_view{o.filter});
    if (!o.replay.empty())
        json.key("replay").value(o.replay);
    json.key("matched").value(o.matched).key("done").value(o.done).key("skipped").value(o.skipped);
    json.key("who").value(o.origin.principal).key("reason").value(o.origin.reason).key("request_id").value(o.origin.request_id);
    json.key("began_at").value(o.began);
    show_time(json, "ended_at", o.ended);
    json.end_object();
}

void show(json_writer& json, const event_requests::bulk_result& r) {
    json.begin_object().key("matched").value(r.matched).key("done").value(r.done);
    if (r.operation && r.operation->skipped > 0)
        json.key("skipped").value(r.operation->skipped);
    if (r.operation && !r.operation->replay.empty())
        json.key("replay").value(r.operation->replay);
    json.end_object();
}

} // namespace atrium::operations
