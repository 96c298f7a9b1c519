#include "core/dead_letter_tables.hpp"

#include "core/error_text.hpp"

#include <base/ids.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events {

std::string to_dead_letter_id(const dead_letter_place& place) {
    return std::to_string(place.subscription.value) + '-' + std::to_string(place.seq.value);
}

std::optional<dead_letter_place> parse_dead_letter_id(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == text.npos)
        return std::nullopt;
    const auto subscription = parse_id(text.substr(0, dash));
    const auto seq = parse_id(text.substr(dash + 1));
    return subscription && seq ? std::optional{dead_letter_place{{*seq}, {*subscription}}} : std::nullopt;
}

} // namespace atrium::events

namespace atrium::events::table {
namespace {

std::vector<dead_letter_place> read_places(storage::cursor rows) {
    std::vector<dead_letter_place> found;
    while (rows.next())
        found.push_back({{rows.integer(0)}, {rows.integer(1)}});
    return found;
}

std::vector<dead_letter_row> read_rows(storage::cursor rows) {
    std::vector<dead_letter_row> found;
    while (rows.next())
        found.push_back({.place = {{rows.integer(0)}, {rows.integer(1)}},
                         .topic = std::string{rows.text(2)},
                         .key = std::string{rows.text(3)},
                         .error = std::string{rows.text(4)},
                         .masked = std::string{rows.text(5)},
                         .died = rows.time(6),
                         .failure = {rows.integer(7)},
                         .group = {rows.integer(8)}});
    return found;
}

std::string_view name_of(resolution r) {
    switch (r) {
    case resolution::discarded: return "discarded";
    case resolution::edited: return "edited";
    case resolution::expired: break;
    }
    return "expired";
}

resolution resolution_of(std::string_view name) {
    return name == "discarded" ? resolution::discarded : name == "edited" ? resolution::edited : resolution::expired;
}

std::vector<delivery_failure> read_failures(std::string_view json) {
    std::vector<delivery_failure> found;
    const auto parsed = boost::json::parse(json);
    for (const auto& each : parsed.as_array())
        found.push_back({.attempt = static_cast<int>(each.at("attempt").as_int64()),
                         .at = timestamp{std::chrono::milliseconds{each.at("at").as_int64()}},
                         .error = std::string{each.at("error").as_string()}});
    return found;
}

} // namespace

void make_dead_letter(storage::transaction& t, const death& d) {
    const auto error = storable_error(d.error);
    const auto failure = insert_failure(t, d.place.subscription, d.place.seq, {d.attempts, d.at, error});
    const auto group = note_failure(t, d.place.subscription, d.topic, masked_error(error), d.at);
    t.execute(
        "UPDATE events_delivery SET state = 'dead', attempts = ?3, due = NULL, last_error = ?4, dead_at = ?5, failure = ?6,"
        " failure_group = ?7 WHERE subscription = ?1 AND seq = ?2",
        d.place.subscription, d.place.seq, d.attempts, error, d.at, failure, group);
}

std::vector<dead_letter_row> dead_letters(storage::snapshot& s, const dead_letter_place& start, int limit) {
    return read_rows(s.query(
        "SELECT d.seq, d.subscription,"
        " coalesce(g.topic, (SELECT topic FROM events_log AS l WHERE l.seq = d.seq), ''), d.key, coalesce(d.last_error, ''),"
        " coalesce(g.error, ''), coalesce(d.dead_at, 0), d.failure, d.failure_group"
        " FROM events_delivery AS d INDEXED BY events_delivery_dead"
        " LEFT JOIN events_failure_group AS g ON g.id = d.failure_group"
        " WHERE d.state = 'dead' AND (d.seq, d.subscription) >= (?1, ?2) ORDER BY d.seq, d.subscription LIMIT ?3",
        start.seq, start.subscription, limit));
}

std::vector<dead_letter_row> dead_letters_of(storage::snapshot& s, subscription_id subscription, const dead_letter_place& start,
                                             int limit) {
    const event_seq first{start.subscription > subscription ? start.seq.value + 1 : start.seq.value};
    return read_rows(s.query(
        "SELECT d.seq, d.subscription,"
        " coalesce(g.topic, (SELECT topic FROM events_log AS l WHERE l.seq = d.seq), ''), d.key, coalesce(d.last_error, ''),"
        " coalesce(g.error, ''), coalesce(d.dead_at, 0), d.failure, d.failure_group"
        " FROM events_delivery AS d INDEXED BY events_delivery_dead_subscription"
        " LEFT JOIN events_failure_group AS g ON g.id = d.failure_group"
        " WHERE d.subscription = ?1 AND d.state = 'dead' AND d.seq >= ?2 ORDER BY d.seq LIMIT ?3",
        subscription, first, limit));
}

std::vector<dead_letter_row> dead_letters_of_key(storage::snapshot& s, std::string_view key, const dead_letter_place& start,
                                                 int limit) {
    return read_rows(s.query(
        "SELECT d.seq, d.subscription,"
        " coalesce(g.topic, (SELECT topic FROM events_log AS l WHERE l.seq = d.seq), ''), d.key, coalesce(d.last_error, ''),"
        " coalesce(g.error, ''), coalesce(d.dead_at, 0), d.failure, d.failure_group"
        " FROM events_delivery AS d INDEXED BY events_delivery_dead_key"
        " LEFT JOIN events_failure_group AS g ON g.id = d.failure_group"
        " WHERE d.key = ?1 AND d.state = 'dead' AND (d.seq, d.subscription) >= (?2, ?3)"
        " ORDER BY d.seq, d.subscription LIMIT ?4",
        key, start.seq, start.subscription, limit));
}

std::vector<dead_letter_row> dead_letters_of_group(storage::snapshot& s, failure_group_id group, const dead_letter_place& start,
                                                   int limit) {
    return read_rows(s.query(
        "SELECT d.seq, d.subscription,"
        " coalesce(g.topic, (SELECT topic FROM events_log AS l WHERE l.seq = d.seq), ''), d.key, coalesce(d.last_error, ''),"
        " coalesce(g.error, ''), coalesce(d.dead_at, 0), d.failure, d.failure_group"
        " FROM events_delivery AS d INDEXED BY events_delivery_dead_group"
        " LEFT JOIN events_failure_group AS g ON g.id = d.failure_group"
        " WHERE d.failure_group = ?1 AND d.state = 'dead' AND (d.seq, d.subscription) >= (?2, ?3)"
        " ORDER BY d.seq, d.subscription LIMIT ?4",
        group, start.seq, start.subscription, limit));
}

std::optional<dead_letter_place> newest_dead_letter_of_group(storage::snapshot& s, failure_group_id group) {
    const auto found = read_places(s.query("SELECT seq, subscription FROM events_delivery INDEXED BY events_delivery_dead_group"
                                           " WHERE failure_group = ?1 AND state = 'dead' ORDER BY seq DESC LIMIT 1",
                                           group));
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<dead_letter_row> find_dead_letter_row(storage::snapshot& s, const dead_letter_place& place) {
    auto found = read_rows(s.query(
        "SELECT d.seq, d.subscription,"
        " coalesce(g.topic, (SELECT topic FROM events_log AS l WHERE l.seq = d.seq), ''), d.key, coalesce(d.last_error, ''),"
        " coalesce(g.error, ''), coalesce(d.dead_at, 0), d.failure, d.failure_group"
        " FROM events_delivery AS d"
        " LEFT JOIN events_failure_group AS g ON g.id = d.failure_group"
        " WHERE d.subscription = ?1 AND d.seq = ?2 AND d.state = 'dead'",
        place.subscription, place.seq));
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<dead_letter> find_dead_letter(storage::snapshot& s, const dead_letter_place& place) {
    std::optional<dead_letter> found;
    {
        auto rows =
            s.query("SELECT d.seq, coalesce(l.id, ''), coalesce(l.source, ''), coalesce(l.topic, ''), d.key, d.priority,"
                    " coalesce(l.time, 0), coalesce(l.traceparent, ''), coalesce(l.data, ''), coalesce(u.name, ''),"
                    " d.attempts, coalesce(d.last_error, ''), coalesce(d.dead_at, 0), d.failure_group, d.replay"
                    " FROM events_delivery AS d LEFT JOIN events_log AS l ON l.seq = d.seq"
                    " LEFT JOIN events_subscription AS u ON u.id = d.subscription"
                    " WHERE d.subscription = ?1 AND d.seq = ?2 AND d.state = 'dead'",
                    place.subscription, place.seq);
        if (!rows.next())
            return std::nullopt;
        found = dead_letter{.id = to_dead_letter_id(place),
                            .subscription = std::string{rows.text(9)},
                            .event = read_event(rows),
                            .attempts = static_cast<int>(rows.integer(10)),
                            .last_error = std::string{rows.text(11)},
                            .died = rows.time(12),
                            .group = {rows.integer(13)},
                            .failures = {}};
        found->event.replay = rows.text(14);
    }
    found->failures = failures(s, place.subscription, place.seq);
    return found;
}

failure_id last_failure_id(storage::snapshot& s) {
    const auto failure = s.query_integer("SELECT id FROM events_failure ORDER BY id DESC LIMIT 1").value_or(0);
    const auto of_dead_letter = s.query_integer("SELECT failure FROM events_delivery INDEXED BY events_delivery_dead_age"
                                                " WHERE state = 'dead' ORDER BY failure DESC LIMIT 1")
                                    .value_or(0);
    return {std::max(failure, of_dead_letter)};
}

bool retry_dead_letter(storage::transaction& t, const dead_letter_place& dead, delivery_place place) {
    return t.execute("UPDATE events_delivery AS d SET attempts = 0, last_error = NULL, dead_at = NULL, failure = 0,"
                     " failure_group = 0, place = ?3, state ="
                     " CASE WHEN EXISTS (SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
                     "                   WHERE o.subscription = d.subscription AND o.key = d.key AND o.state <> 'dead')"
                     "      THEN 'queued' ELSE 'ready' END"
                     " WHERE d.subscription = ?1 AND d.seq = ?2 AND d.state = 'dead'",
                     dead.subscription, dead.seq, place) == 1;
}

int complete_dead_letters(storage::transaction& t, timestamp now, int limit) {
    const auto old = dead_letters_of_group(t, {0}, {}, limit);
    for (const auto& row : old) {
        const auto error = storable_error(row.error);
        const auto died = row.died == timestamp{} ? now : row.died;
        const auto group = note_failure(t, row.place.subscription, row.topic, masked_error(error), died);
        t.execute("UPDATE events_delivery SET last_error = ?3, failure_group = ?4, dead_at = ?5"
                  " WHERE subscription = ?1 AND seq = ?2",
                  row.place.subscription, row.place.seq, error, group, died);
    }
    return static_cast<int>(old.size());
}

std::optional<dead_letter_place> oldest_dead_letter(storage::snapshot& s) {
    const auto found = read_places(s.query("SELECT seq, subscription FROM events_delivery INDEXED BY events_delivery_dead_age"
                                           " WHERE state = 'dead' ORDER BY failure LIMIT 1"));
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::int64_t count_dead_letters(storage::snapshot& s) {
    return s.query_integer("SELECT count(*) FROM events_delivery INDEXED BY events_delivery_dead WHERE state = 'dead'")
        .value_or(0);
}

bool archive_dead_letter(storage::transaction& t, const dead_letter_place& place, const archive_entry& entry) {
    const auto added = t.execute(
        "INSERT INTO events_archive (subscription, seq, event_id, source, topic, key, priority, time, traceparent,"
        "  data, attempts, last_error, failures, died, resolution, principal, reason, at, replacement)"
        " SELECT d.subscription, d.seq, coalesce(l.id, ''), coalesce(l.source, ''), coalesce(l.topic, ''), d.key,"
        "  d.priority, coalesce(l.time, 0), coalesce(l.traceparent, ''), coalesce(l.data, ''), d.attempts,"
        "  coalesce(d.last_error, ''),"
        "  (SELECT json_group_array(json_object('attempt', f.attempt, 'at', f.at, 'error', f.error))"
        "   FROM events_failure AS f WHERE f.seq = d.seq AND f.subscription = d.subscription),"
        "  coalesce(d.dead_at, 0), ?3, ?4, ?5, ?6, ?7"
        " FROM events_delivery AS d LEFT JOIN events_log AS l ON l.seq = d.seq"
        " WHERE d.subscription = ?1 AND d.seq = ?2 AND d.state = 'dead'",
        place.subscription, place.seq, name_of(entry.resolution), entry.principal, entry.reason, entry.at, entry.replacement);
    if (added == 0)
        return false;
    remove_failures_of_lost_event(t, place.subscription, place.seq);
    return remove_delivery(t, place.subscription, place.seq);
}

std::vector<archived_letter> archived_letters(storage::snapshot& s, archived_letter_id before, int limit) {
    std::vector<archived_letter> found;
    for (auto rows = s.query("SELECT a.seq, a.event_id, a.source, a.topic, a.key, a.priority, a.time, a.traceparent, a.data,"
                             " a.id, a.subscription, coalesce(u.name, ''), a.attempts, a.last_error, a.failures, a.died,"
                             " a.resolution, a.principal, a.reason, a.at, a.replacement"
                             " FROM events_archive AS a LEFT JOIN events_subscription AS u ON u.id = a.subscription"
                             " WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2",
                             before, limit);
         rows.next();) {
        archived_letter one;
        one.id = {rows.integer(9)};
        one.letter = {.id = to_dead_letter_id({{rows.integer(0)}, {rows.integer(10)}}),
                      .subscription = std::string{rows.text(11)},
                      .event = read_event(rows),
                      .attempts = static_cast<int>(rows.integer(12)),
                      .last_error = std::string{rows.text(13)},
                      .died = rows.time(15),
                      .group = {},
                      .failures = read_failures(rows.text(14))};
        one.resolution = resolution_of(rows.text(16));
        one.principal = rows.text(17);
        one.reason = rows.text(18);
        one.at = rows.time(19);
        if (!rows.is_null(20))
            one.replacement = event_seq{rows.integer(20)};
        found.push_back(std::move(one));
    }
    return found;
}

std::optional<archived_place> find_archived(storage::snapshot& s, const dead_letter_place& place) {
    auto rows =
        s.query("SELECT id, resolution FROM events_archive WHERE seq = ?1 AND subscription = ?2 ORDER BY id DESC LIMIT 1",
                place.seq, place.subscription);
    return rows.next() ? std::optional{archived_place{{rows.integer(0)}, std::string{rows.text(1)}}} : std::nullopt;
}

int remove_old_archive(storage::transaction& t, timestamp cutoff, std::int64_t count, int limit) {
    const auto newest = t.query_integer("SELECT id FROM events_archive ORDER BY id DESC LIMIT 1").value_or(0);
    std::vector<archived_letter_id> old;
    for (auto rows = t.query("SELECT id, at FROM events_archive ORDER BY id LIMIT ?1", limit); rows.next();) {
        const archived_letter_id each{rows.integer(0)};
        if (rows.time(1) >= cutoff && each.value > newest - count)
            break;
        old.push_back(each);
    }
    for (const auto each : old)
        t.execute("DELETE FROM events_archive WHERE id = ?1", each);
    return static_cast<int>(old.size());
}

} // namespace atrium::events::table
