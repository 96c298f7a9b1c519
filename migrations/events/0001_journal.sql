-- The journal: at once outbox, queue and history. Rows are written in the publisher's own transaction.

CREATE TABLE events_log (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of publication; a removed number never comes back
    id          TEXT    NOT NULL UNIQUE,           -- UUID version 7
    source      TEXT    NOT NULL,
    topic       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    priority    INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
    time        INTEGER NOT NULL,                  -- milliseconds since 1970, UTC
    traceparent TEXT    NOT NULL,
    data        TEXT    NOT NULL                   -- a JSON object
) STRICT;

CREATE TABLE events_subscription (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    name   TEXT    NOT NULL UNIQUE,
    topics TEXT    NOT NULL, -- patterns, divided by blanks
    began  INTEGER NOT NULL  -- it gets the events after this seq
) STRICT;

-- One row for each event that a subscription has not handled yet; a completed one is gone.
CREATE TABLE events_delivery (
    subscription INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    place        INTEGER NOT NULL, -- deliveries of one key are handled in this order: that of publication or arrival
    key          TEXT    NOT NULL, -- of the event, as is the priority
    priority     INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'ready', 'backoff', 'dead')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    due          INTEGER,          -- of a backoff: milliseconds since 1970, UTC
    last_error   TEXT,
    PRIMARY KEY (subscription, seq)
) STRICT, WITHOUT ROWID;

-- Finding work never meets a blocked key: the heads, the most urgent first ...
CREATE INDEX events_delivery_ready ON events_delivery (subscription, priority DESC, place) WHERE state = 'ready';
-- ... what a key still has before it ...
CREATE INDEX events_delivery_key ON events_delivery (subscription, key, place) WHERE state <> 'dead';
-- ... and what waits for another try.
CREATE INDEX events_delivery_due ON events_delivery (subscription, due) WHERE state = 'backoff';
CREATE INDEX events_delivery_dead ON events_delivery (seq) WHERE state = 'dead';
