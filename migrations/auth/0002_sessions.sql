-- The id of a session never comes back, so that an administrator who ends a session by its id cannot end another one.
CREATE TABLE auth_session_2 (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    hash      TEXT    NOT NULL UNIQUE, -- SHA-256 of the cookie, in base64url
    token     INTEGER,                 -- auth_token.id of the token that it was begun with; NULL: not begun with a token
    issuer    TEXT,                    -- of the JSON Web Token that it was begun with; NULL: not begun with one
    principal TEXT    NOT NULL,
    scopes    TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    expires   INTEGER NOT NULL
) STRICT;
INSERT INTO auth_session_2 SELECT id, hash, token, issuer, principal, scopes, created, expires FROM auth_session;
DROP TABLE auth_session;
ALTER TABLE auth_session_2 RENAME TO auth_session;
CREATE INDEX auth_session_expires ON auth_session (expires);
CREATE INDEX auth_session_token ON auth_session (token);
CREATE INDEX auth_session_principal ON auth_session (principal, id);
CREATE INDEX auth_session_issuer ON auth_session (issuer) WHERE issuer IS NOT NULL;
