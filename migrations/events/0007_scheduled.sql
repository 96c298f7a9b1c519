-- Events that are delivered later than they are published.

-- One row for each event that is in the log and has no deliveries yet, because it is not due.
CREATE TABLE events_scheduled (
    due INTEGER NOT NULL, -- milliseconds since 1970, UTC
    seq INTEGER NOT NULL, -- of the event
    PRIMARY KEY (due, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX events_scheduled_seq ON events_scheduled (seq);

-- When a scheduled event is due, in milliseconds since 1970. It is kept after the event was delivered. NULL for all other events.
ALTER TABLE events_log ADD COLUMN deliver_at INTEGER;

-- Of a scheduled event: the last seq of the log when the number was assigned. NULL for all other events, whose numbers and seqs
-- rise together.
ALTER TABLE events_sent_number ADD COLUMN sent_after INTEGER;
