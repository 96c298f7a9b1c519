-- Tokens with which programs authenticate themselves. The token itself is not stored and is shown only once.
CREATE TABLE auth_token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- a removed token's id never comes back
    name       TEXT    NOT NULL,
    hash       TEXT    NOT NULL UNIQUE, -- SHA-256 of the token, in base64url
    scopes     TEXT    NOT NULL,        -- separated by single spaces
    created    INTEGER NOT NULL,        -- milliseconds since 1970, UTC, like all times here
    created_by TEXT    NOT NULL,        -- the principal that has created it, or "command line"
    expires    INTEGER,                 -- NULL: never
    used       INTEGER,                 -- last use, to the minute; NULL: never
    revoked    INTEGER,                 -- NULL: not revoked
    revoked_by TEXT
) STRICT;

-- A name belongs to one token at a time, and can be given to another one after it was revoked.
CREATE UNIQUE INDEX auth_token_name ON auth_token (name) WHERE revoked IS NULL;

-- Sessions of browsers. The cookie itself is not stored.
CREATE TABLE auth_session (
    id        INTEGER PRIMARY KEY,
    hash      TEXT    NOT NULL UNIQUE, -- SHA-256 of the cookie, in base64url
    token     INTEGER,                 -- auth_token.id of the token that it was begun with; NULL: not begun with a token
    issuer    TEXT,                    -- of the JSON Web Token that it was begun with; NULL: not begun with one
    principal TEXT    NOT NULL,
    scopes    TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER NOT NULL
) STRICT;
CREATE INDEX auth_session_expires ON auth_session (expires);
CREATE INDEX auth_session_token ON auth_session (token);
CREATE INDEX auth_session_principal ON auth_session (principal, id);

-- One row, whose number increases with each change of the tokens, so that a server notices those of another process.
CREATE TABLE auth_change (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO auth_change (id, number) VALUES (1, 0);
