-- Operating events: why deliveries failed, dead letters by their errors, actions of operators, and paused subscriptions.

ALTER TABLE events_log ADD COLUMN request_id  TEXT NOT NULL DEFAULT ''; -- the request that caused the event; empty if unknown
ALTER TABLE events_log ADD COLUMN edited_from TEXT NOT NULL DEFAULT ''; -- the dead letter that it corrects; only its subscription gets it

ALTER TABLE events_subscription ADD COLUMN paused INTEGER NOT NULL DEFAULT 0; -- 1: its deliveries wait

ALTER TABLE events_delivery ADD COLUMN replay        TEXT    NOT NULL DEFAULT ''; -- an operator delivers a handled event again: the id of the replay
ALTER TABLE events_delivery ADD COLUMN dead_at       INTEGER;                     -- of a dead letter, as are the columns below: milliseconds since 1970, UTC
ALTER TABLE events_delivery ADD COLUMN failure       INTEGER NOT NULL DEFAULT 0;  -- its last failure; dead letters are ordered by it. 0: from before this migration
ALTER TABLE events_delivery ADD COLUMN failure_group INTEGER NOT NULL DEFAULT 0;  -- 0: not determined yet
UPDATE events_delivery SET dead_at = 1000 * CAST(strftime('%s', 'now') AS INTEGER) WHERE state = 'dead';

CREATE INDEX events_delivery_dead_subscription ON events_delivery (subscription, seq) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_key ON events_delivery (key, seq) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_group ON events_delivery (failure_group, seq) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_age ON events_delivery (failure) WHERE state = 'dead';

-- Failed runs of handlers: the newest 20 of each delivery, until the event leaves the log.
CREATE TABLE events_failure (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of the failures; a removed id never comes back
    seq          INTEGER NOT NULL,
    subscription INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    at           INTEGER NOT NULL, -- milliseconds since 1970, UTC
    error        TEXT    NOT NULL
) STRICT;
CREATE INDEX events_failure_delivery ON events_failure (seq, subscription);
CREATE INDEX events_failure_subscription ON events_failure (subscription);

-- The errors of dead letters, with placeholders for numbers, ids and quoted texts.
CREATE TABLE events_failure_group (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL,
    topic        TEXT    NOT NULL,
    error        TEXT    NOT NULL,
    first        INTEGER NOT NULL, -- when a delivery first became a dead letter with this error, in milliseconds since 1970, UTC
    last         INTEGER NOT NULL, -- and most recently
    UNIQUE (subscription, topic, error)
) STRICT;

-- Dead letters that were removed.
CREATE TABLE events_archive (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    event_id     TEXT    NOT NULL, -- this and the next columns: of the event; empty if the log no longer held it
    source       TEXT    NOT NULL,
    topic        TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    priority     INTEGER NOT NULL,
    time         INTEGER NOT NULL,
    traceparent  TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    last_error   TEXT    NOT NULL,
    failures     TEXT    NOT NULL, -- a JSON array of {"attempt", "at", "error"}, the oldest first
    died         INTEGER NOT NULL, -- when it became a dead letter
    resolution   TEXT    NOT NULL CHECK (resolution = 'discarded' OR resolution = 'edited' OR resolution = 'expired'),
    principal          TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    at           INTEGER NOT NULL, -- when it was removed
    replacement  INTEGER           -- the seq of the corrected event
) STRICT;
CREATE INDEX events_archive_delivery ON events_archive (seq, subscription);

-- Actions of operators on many deliveries, which continue after a restart.
CREATE TABLE events_operation (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    verb                TEXT    NOT NULL CHECK (verb = 'retry' OR verb = 'discard' OR verb = 'replay' OR verb = 'resend'),
    state               TEXT    NOT NULL CHECK (state = 'running' OR state = 'done' OR state = 'cancelled'),
    filter              TEXT    NOT NULL, -- a JSON object
    replay              TEXT    NOT NULL, -- the id of a replay; otherwise empty
    bound               INTEGER NOT NULL, -- dead letters whose failure is later are not included; of a replay or resend: events whose seq is higher
    matched             INTEGER NOT NULL, -- when it began
    done                INTEGER NOT NULL,
    skipped             INTEGER NOT NULL,
    cursor_seq          INTEGER NOT NULL, -- it continues after this dead letter or event
    cursor_subscription INTEGER NOT NULL,
    principal                 TEXT    NOT NULL,
    reason              TEXT    NOT NULL,
    request_id          TEXT    NOT NULL,
    traceparent         TEXT    NOT NULL,
    began               INTEGER NOT NULL, -- milliseconds since 1970, UTC
    ended               INTEGER
) STRICT;
CREATE INDEX events_operation_running ON events_operation (id) WHERE state = 'running';
CREATE UNIQUE INDEX events_operation_replay ON events_operation (replay) WHERE replay <> '';
