#include "core/number_tables.hpp"

#include <utility>

namespace atrium::events::table {
namespace {

std::optional<delivery_number> optional_number(const storage::cursor& row, int column) {
    const auto number = row.optional_integer(column);
    return number ? std::optional{delivery_number{*number}} : std::nullopt;
}

received_number_row read_received_number(const storage::cursor& row) {
    return {.publisher = std::string{row.text(0)}, .next = {row.integer(1)}, .since = optional_number(row, 2)};
}

/// Returns the lowest number below `end` whose position is `seq` or higher; `end` if there is none. A higher number has a
/// higher position, so this is a binary search.
delivery_number first_number_from(storage::snapshot& s, subscription_id subscription, event_seq seq, delivery_number end) {
    for (delivery_number begin{1}; begin < end;) {
        const delivery_number middle{begin.value + (end.value - begin.value) / 2};
        const auto kept = find_sent_number(s, subscription, middle);
        if (!kept || kept->position >= seq)
            end = middle;
        else
            begin = {kept->number.value + 1};
    }
    return end;
}

} // namespace

std::optional<identity_row> find_identity(storage::snapshot& s) {
    auto rows = s.query("SELECT receiver, publisher, former_publisher FROM events_identity");
    if (!rows.next())
        return std::nullopt;
    return identity_row{std::string{rows.text(0)}, std::string{rows.text(1)},
                        rows.is_null(2) ? std::string{} : std::string{rows.text(2)}};
}

void set_identity(storage::transaction& t, const identity_row& identity) {
    const auto former = identity.former_publisher.empty() ? std::nullopt : std::optional{identity.former_publisher};
    t.execute("INSERT INTO events_identity (only_row, receiver, publisher, former_publisher) VALUES (1, ?1, ?2, ?3)"
              " ON CONFLICT (only_row) DO UPDATE SET receiver = excluded.receiver, publisher = excluded.publisher,"
              " former_publisher = excluded.former_publisher",
              identity.receiver, identity.publisher, former);
}

void insert_sent_number(storage::transaction& t, subscription_id subscription, event_seq seq,
                        std::optional<event_seq> sent_after) {
    t.execute("INSERT INTO events_sent_number (subscription, number, seq, sent_after) VALUES (?1,"
              " 1 + coalesce((SELECT number FROM events_sent_number WHERE subscription = ?1 ORDER BY number DESC LIMIT 1), 0),"
              " ?2, ?3)",
              subscription, seq, sent_after);
}

std::vector<sent_number_row> sent_numbers(storage::snapshot& s, event_seq seq) {
    std::vector<sent_number_row> found;
    for (auto rows = s.query("SELECT subscription, number FROM events_sent_number WHERE seq = ?1", seq); rows.next();)
        found.push_back({{rows.integer(0)}, {rows.integer(1)}});
    return found;
}

delivery_number next_sent_number(storage::snapshot& s, subscription_id subscription) {
    const auto last = s.query_integer(
        "SELECT number FROM events_sent_number WHERE subscription = ?1 ORDER BY number DESC LIMIT 1", subscription);
    return {last.value_or(0) + 1};
}

/// Visits the waiting events in the order of seq, up to the first event that was not scheduled: the positions of all later
/// events are higher than its seq. Events that were scheduled can have low seqs and high numbers, so their numbers are read one
/// by one. If more than 100 of them wait, the result may be too low, which only delays the detection of gaps. It is never too
/// high.
delivery_number first_unconfirmed(storage::snapshot& s, subscription_id subscription, subscription_id outlet) {
    auto lowest = next_sent_number(s, subscription);
    std::optional<event_seq> last;
    int count = 0;
    constexpr int limit = 100;
    auto rows = s.query("SELECT d.seq, l.deliver_at IS NOT NULL, n.number FROM events_delivery AS d"
                        " LEFT JOIN events_log AS l ON l.seq = d.seq"
                        " LEFT JOIN events_sent_number AS n ON n.seq = d.seq AND n.subscription = ?2"
                        " WHERE d.subscription = ?1 AND d.state <> 'dead' ORDER BY d.seq LIMIT ?3",
                        outlet, subscription, limit);
    for (bool was_scheduled = true; was_scheduled && rows.next();) {
        was_scheduled = rows.integer(1) != 0;
        if (was_scheduled && !rows.is_null(2))
            lowest = std::min(lowest, {rows.integer(2)});
        if (!was_scheduled || ++count == limit)
            last = event_seq{rows.integer(0)};
    }
    return last ? first_number_from(s, subscription, *last, lowest) : lowest;
}

std::optional<recorded_number> find_sent_number(storage::snapshot& s, subscription_id subscription, delivery_number number) {
    auto rows = s.query("SELECT number, seq, coalesce(sent_after, seq) FROM events_sent_number"
                        " WHERE subscription = ?1 AND number >= ?2 ORDER BY number LIMIT 1",
                        subscription, number);
    return rows.next() ? std::optional{recorded_number{{rows.integer(0)}, {rows.integer(1)}, {rows.integer(2)}}} : std::nullopt;
}

void remove_sent_numbers(storage::transaction& t, event_seq seq) {
    t.execute("DELETE FROM events_sent_number AS n WHERE seq = ?1 AND EXISTS"
              " (SELECT 1 FROM events_sent_number AS later WHERE later.subscription = n.subscription"
              "  AND later.number > n.number)",
              seq);
}

void clear_sent_numbers(storage::transaction& t) {
    t.execute("DELETE FROM events_sent_number");
    t.execute("DELETE FROM events_receiver");
}

std::optional<receiver_row> find_receiver(storage::snapshot& s, subscription_id subscription) {
    auto rows = s.query("SELECT receiver, since FROM events_receiver WHERE subscription = ?1", subscription);
    return rows.next() ? std::optional{receiver_row{std::string{rows.text(0)}, {rows.integer(1)}}} : std::nullopt;
}

void set_receiver(storage::transaction& t, subscription_id subscription, const receiver_row& row) {
    t.execute("INSERT INTO events_receiver (subscription, receiver, since) VALUES (?1, ?2, ?3)"
              " ON CONFLICT (subscription) DO UPDATE SET receiver = excluded.receiver, since = excluded.since",
              subscription, row.receiver, row.since);
}

bool is_numbered(storage::snapshot& s, subscription_id subscription) {
    return s.query_integer("SELECT numbered FROM events_subscription WHERE id = ?1", subscription).value_or(0) != 0;
}

std::vector<received_number_row> received_numbers(storage::snapshot& s, subscription_id subscription) {
    std::vector<received_number_row> found;
    for (auto rows = s.query("SELECT publisher, next, since FROM events_received_number WHERE subscription = ?1", subscription);
         rows.next();)
        found.push_back(read_received_number(rows));
    return found;
}

std::optional<received_number_row> find_received_number(storage::snapshot& s, subscription_id subscription,
                                                        std::string_view publisher) {
    auto rows = s.query("SELECT publisher, next, since FROM events_received_number WHERE subscription = ?1 AND publisher = ?2",
                        subscription, publisher);
    return rows.next() ? std::optional{read_received_number(rows)} : std::nullopt;
}

void set_received_number(storage::transaction& t, subscription_id subscription, const received_number_row& row) {
    t.execute("INSERT INTO events_received_number (subscription, publisher, next, since) VALUES (?1, ?2, ?3, ?4)"
              " ON CONFLICT (subscription, publisher) DO UPDATE SET next = excluded.next, since = excluded.since",
              subscription, row.publisher, row.next, row.since);
}

void remove_received_number(storage::transaction& t, subscription_id subscription, std::string_view publisher) {
    t.execute("DELETE FROM events_received_number WHERE subscription = ?1 AND publisher = ?2", subscription, publisher);
    t.execute("DELETE FROM events_missing_number WHERE subscription = ?1 AND publisher = ?2", subscription, publisher);
}

/// Ranges do not overlap each other, so the first range that may overlap `within` is the last one that begins no later than
/// `within` does.
std::vector<missing_row> missing_numbers(storage::snapshot& s, subscription_id subscription, std::string_view publisher,
                                         number_range within, int limit) {
    std::vector<missing_row> found;
    for (auto rows = s.query("SELECT first, last, noticed FROM events_missing_number WHERE subscription = ?1 AND publisher = ?2"
                             " AND first >= coalesce((SELECT first FROM events_missing_number WHERE subscription = ?1"
                             "  AND publisher = ?2 AND first <= ?3 ORDER BY first DESC LIMIT 1), ?3)"
                             " AND first <= ?4 AND last >= ?3 ORDER BY first LIMIT ?5",
                             subscription, publisher, within.first, within.last, limit);
         rows.next();)
        found.push_back({{{rows.integer(0)}, {rows.integer(1)}}, rows.optional_time(2)});
    return found;
}

void insert_missing(storage::transaction& t, subscription_id subscription, std::string_view publisher, const missing_row& row) {
    t.execute("INSERT INTO events_missing_number (subscription, publisher, first, last, noticed) VALUES (?1, ?2, ?3, ?4, ?5)",
              subscription, publisher, row.range.first, row.range.last, row.noticed);
}

void remove_missing(storage::transaction& t, subscription_id subscription, std::string_view publisher, delivery_number first) {
    t.execute("DELETE FROM events_missing_number WHERE subscription = ?1 AND publisher = ?2 AND first = ?3", subscription,
              publisher, first);
}

std::vector<gap_row> gaps(storage::snapshot& s) {
    std::vector<gap_row> found;
    for (auto rows = s.query("SELECT u.name, m.publisher, sum(m.last - m.first + 1), min(m.noticed)"
                             " FROM events_missing_number AS m JOIN events_subscription AS u ON u.id = m.subscription"
                             " WHERE m.noticed IS NOT NULL GROUP BY m.subscription, m.publisher");
         rows.next();)
        found.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}, rows.integer(2), rows.time(3)});
    return found;
}

} // namespace atrium::events::table
