-- Topics that a subscription named once and names no more, until they are unbound at the broker: it may be away when they change.
CREATE TABLE events_stale_topic (
    subscription INTEGER NOT NULL,
    topic        TEXT    NOT NULL, -- a pattern
    PRIMARY KEY (subscription, topic)
) STRICT, WITHOUT ROWID;
