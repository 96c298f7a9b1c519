-- Requests that clients sent with an Idempotency-Key, and their responses. A row is written in the transaction that has the request's effect.
CREATE TABLE idempotency_request (
    id          INTEGER PRIMARY KEY, -- the order of storing; the oldest row is removed first, so there are no gaps
    principal   TEXT    NOT NULL,    -- the sender of the request; each principal has keys of its own
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,    -- SHA-256 of the request
    status      INTEGER,             -- of the response; NULL while only fields of a GraphQL mutation are complete
    headers     TEXT    NOT NULL,    -- lines "Name: value"
    body        TEXT    NOT NULL,
    at          INTEGER NOT NULL,    -- milliseconds since 1970, UTC
    UNIQUE (principal, key)
) STRICT;

-- Root fields that are complete although the response of their GraphQL mutation is not stored yet.
CREATE TABLE idempotency_field (
    request INTEGER NOT NULL, -- idempotency_request.id
    field   TEXT    NOT NULL, -- its response key: its alias or name
    entity  INTEGER NOT NULL, -- id of the entity that it has created, changed or deleted
    body    TEXT    NOT NULL, -- the entity as JSON; empty if it was deleted
    PRIMARY KEY (request, field)
) STRICT, WITHOUT ROWID;
