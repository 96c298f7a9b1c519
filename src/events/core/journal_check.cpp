#include <events/journal_check.hpp>

#include <array>

namespace atrium::events {
namespace {

/// To add an invariant, add it here, and the damage that violates it to journal_check_test.cpp. An invariant may use tables of
/// the newest migration, because `atrium check` runs these queries only if all migrations are applied.
constexpr std::array invariants{
    journal_invariant{
        .name = "sleeping key",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                 " FROM events_delivery AS d WHERE state = 'queued' AND NOT EXISTS ("
                 "   SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
                 "   WHERE o.subscription = d.subscription AND o.key = d.key AND o.place < d.place AND o.state <> 'dead')",
        .meaning = "this delivery waits although no earlier one of its key is left, so it and the later ones are never handled",
        .repair = "UPDATE events_delivery AS d SET state = 'ready' WHERE state = 'queued' AND NOT EXISTS ("
                  " SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
                  " WHERE o.subscription = d.subscription AND o.key = d.key AND o.place < d.place AND o.state <> 'dead')",
        .advice = {}},
    journal_invariant{
        .name = "overtaking delivery",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                 " FROM events_delivery AS d WHERE state IN ('ready', 'backoff') AND EXISTS ("
                 "   SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
                 "   WHERE o.subscription = d.subscription AND o.key = d.key AND o.place < d.place AND o.state <> 'dead')",
        .meaning = "this delivery can be handled although another one of its key is before it",
        .repair =
            "UPDATE events_delivery AS d SET state = 'queued', due = NULL WHERE state IN ('ready', 'backoff') AND EXISTS ("
            " SELECT 1 FROM events_delivery AS o INDEXED BY events_delivery_key"
            " WHERE o.subscription = d.subscription AND o.key = d.key AND o.place < d.place AND o.state <> 'dead')",
        .advice = {}},
    journal_invariant{
        .name = "shared place",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', place ' || d.place AS finding"
                 " FROM events_delivery AS d INDEXED BY events_delivery_key WHERE state <> 'dead'"
                 " GROUP BY subscription, key, place HAVING count(*) > 1",
        .meaning = "several deliveries of one key have the same place, so their order is unknown",
        .repair = "UPDATE events_delivery AS d SET place = n.place FROM ("
                  "   SELECT subscription, seq, row_number() OVER (ORDER BY place, seq) AS place FROM events_delivery) AS n"
                  " WHERE n.subscription = d.subscription AND n.seq = d.seq",
        .advice = {}},
    journal_invariant{
        .name = "endless backoff",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                 " FROM events_delivery AS d INDEXED BY events_delivery_due WHERE state = 'backoff' AND due IS NULL",
        .meaning =
            "no time is set for the next attempt of this delivery, so it and the later ones of its key are never handled",
        .repair = "UPDATE events_delivery SET due = 0 WHERE state = 'backoff' AND due IS NULL",
        .advice = {}},
    journal_invariant{
        .name = "delivery without subscription",
        .query = "SELECT 'subscription ' || subscription || ', ' || count(*) || ' deliveries' AS finding FROM events_delivery"
                 " WHERE subscription NOT IN (SELECT id FROM events_subscription) GROUP BY subscription",
        .meaning = "nothing can handle these deliveries, and retention removes their events as if they did not exist",
        .repair = "DELETE FROM events_delivery WHERE subscription NOT IN (SELECT id FROM events_subscription)",
        .advice = {}},
    journal_invariant{
        .name = "delivery without event",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                 " FROM events_delivery AS d WHERE state <> 'dead'"
                 " AND NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = d.seq)",
        .meaning = "the event of this delivery is gone",
        .repair = {},
        .advice =
            "start the server: it makes the delivery a dead letter without data, and continues with the next one of the key."
            " Then discard the dead letter"},
    journal_invariant{.name = "dead letter without event",
                      .query =
                          "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                          " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                          " FROM events_delivery AS d INDEXED BY events_delivery_dead WHERE state = 'dead'"
                          " AND NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = d.seq)",
                      .meaning = "the event of this dead letter is gone, so it cannot be retried",
                      .repair = "DELETE FROM events_delivery AS d WHERE state = 'dead'"
                                " AND NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = d.seq)",
                      .advice = {}},
    journal_invariant{
        .name = "delivery under another key",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription) "
                 "|| ', seq ' || d.seq || ', key ' || d.key || ', key of the "
                 "event ' || l.key"
                 " AS finding FROM events_delivery AS d JOIN events_log AS l ON l.seq = d.seq WHERE l.key <> d.key",
        .meaning = "the key of this delivery differs from that of its event, so it is handled in the order of the wrong key",
        .repair = {},
        .advice = "restore a backup: the server never writes this, so the database was modified or is damaged"},
    journal_invariant{
        .name = "failure without event",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = f.subscription), f.subscription)"
                 " || ', seq ' || f.seq || ', failures: ' || count(*) AS finding FROM events_failure AS f"
                 " WHERE NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = f.seq) AND NOT EXISTS ("
                 "   SELECT 1 FROM events_delivery AS d WHERE d.subscription = f.subscription AND d.seq = f.seq)"
                 " GROUP BY f.seq, f.subscription",
        .meaning = "the event and its delivery are gone, so no list shows these failures, and nothing removes them",
        .repair = "DELETE FROM events_failure AS f"
                  " WHERE NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = f.seq) AND NOT EXISTS ("
                  " SELECT 1 FROM events_delivery AS d WHERE d.subscription = f.subscription AND d.seq = f.seq)",
        .advice = {}},
    journal_invariant{
        .name = "due time without event",
        .query = "SELECT 'seq ' || w.seq || ', due ' || strftime('%Y-%m-%dT%H:%M:%SZ', w.due / 1000, 'unixepoch') AS finding"
                 " FROM events_scheduled AS w WHERE NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = w.seq)",
        .meaning = "a scheduled event is gone, so nothing is delivered at this time",
        .repair = "DELETE FROM events_scheduled AS w WHERE NOT EXISTS (SELECT 1 FROM events_log AS l WHERE l.seq = w.seq)",
        .advice = {}},
    // The query leaves out deliveries that came from a broker: after a backup is restored, the broker may deliver an event that
    // is still recorded as scheduled in the backup, although it has become due since then.
    journal_invariant{
        .name = "early delivery",
        .query = "SELECT coalesce((SELECT name FROM events_subscription WHERE id = d.subscription), d.subscription)"
                 " || ', key ' || d.key || ', seq ' || d.seq AS finding"
                 " FROM events_delivery AS d WHERE EXISTS (SELECT 1 FROM events_scheduled AS w WHERE w.seq = d.seq)"
                 " AND NOT EXISTS (SELECT 1 FROM events_received AS r JOIN events_log AS l ON l.id = r.id"
                 "   WHERE r.subscription = d.subscription AND l.seq = d.seq)",
        .meaning = "the event of this delivery is not due yet: it would be handled too early, and again when it is due",
        .repair = "DELETE FROM events_delivery AS d WHERE EXISTS (SELECT 1 FROM events_scheduled AS w WHERE w.seq = d.seq)"
                  " AND NOT EXISTS (SELECT 1 FROM events_received AS r JOIN events_log AS l ON l.id = r.id"
                  " WHERE r.subscription = d.subscription AND l.seq = d.seq)",
        .advice = {}},
};

} // namespace

std::span<const journal_invariant> journal_invariants() noexcept {
    return invariants;
}

} // namespace atrium::events
