-- What a process remembers of the broker between it and others.

-- Events that a subscription has taken in from the broker: one that comes again is not handled again. Kept for 7 days, and longer than the log.
CREATE TABLE events_received (
    subscription INTEGER NOT NULL,
    id           TEXT    NOT NULL, -- of the event
    at           INTEGER NOT NULL, -- milliseconds since 1970, UTC
    PRIMARY KEY (subscription, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_received_at ON events_received (at);

-- The adapter that ran last, so that a change of adapter strands nothing.
CREATE TABLE events_adapter (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    name     TEXT    NOT NULL,
    drained  INTEGER NOT NULL CHECK (drained IN (0, 1)) -- nothing of ours is at the broker any more
) STRICT;
