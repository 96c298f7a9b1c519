-- The auth.mode of the server whose first link has begun the session; '' if a token or a JSON Web Token has. Sessions of the
-- first link that were stored before this migration have '' as well, and end with it.
ALTER TABLE auth_session ADD COLUMN mode TEXT NOT NULL DEFAULT '';
CREATE INDEX auth_session_mode ON auth_session (mode) WHERE mode > '';
