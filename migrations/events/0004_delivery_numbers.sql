-- Numbers of what goes through a broker, by which a receiver notices events that the broker has dropped.

-- This database, as other processes know it.
CREATE TABLE events_identity (
    only_row         INTEGER PRIMARY KEY CHECK (only_row = 1),
    receiver         TEXT NOT NULL, -- a UUID
    publisher        TEXT NOT NULL, -- a UUID; renewed once this database turns out to be an older copy of itself
    former_publisher TEXT           -- the publisher before that
) STRICT;

-- What this database has published for each subscription, of any process: 1, 2, 3, ... without a gap.
CREATE TABLE events_sent_number (
    subscription INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    seq          INTEGER NOT NULL, -- of the event
    PRIMARY KEY (subscription, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_sent_number_seq ON events_sent_number (seq);

-- The database that receives the events of a subscription, as it has reported.
CREATE TABLE events_receiver (
    subscription INTEGER PRIMARY KEY,
    receiver     TEXT    NOT NULL,
    since        INTEGER NOT NULL -- it receives the events from this number on
) STRICT;

-- How far a subscription of this database has received the numbers of each publisher.
CREATE TABLE events_received_number (
    subscription INTEGER NOT NULL,
    publisher    TEXT    NOT NULL,
    next         INTEGER NOT NULL, -- above each number that has come
    since        INTEGER,          -- lower numbers are not for this database; NULL until the publisher has reported it
    PRIMARY KEY (subscription, publisher)
) STRICT, WITHOUT ROWID;

-- Numbers below `next` that have not come, as ranges that do not overlap.
CREATE TABLE events_missing_number (
    subscription INTEGER NOT NULL,
    publisher    TEXT    NOT NULL,
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    noticed      INTEGER,          -- when it became certain that the broker has dropped them, in milliseconds since 1970
    PRIMARY KEY (subscription, publisher, first)
) STRICT, WITHOUT ROWID;

-- 1: recorded by a version that keeps numbers, so that all its events have been counted.
ALTER TABLE events_subscription ADD COLUMN numbered INTEGER NOT NULL DEFAULT 0;
