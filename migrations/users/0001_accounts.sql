-- Who there is. Names and addresses are unique, and looked up, without regard to ASCII case (NOCASE).
-- Times are milliseconds since 1970, UTC.
CREATE TABLE users_account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- a deleted user's id never comes back
    username      TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    email         TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    order_count   INTEGER NOT NULL DEFAULT 0 CHECK (order_count >= 0), -- kept by the events of orders
    last_order_at INTEGER,                                             -- kept by the events of orders; never goes back
    revision      INTEGER NOT NULL DEFAULT 1,                          -- counts every change of the columns above
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
