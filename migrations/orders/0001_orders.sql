-- Who ordered what. Times are milliseconds since 1970, UTC.

-- The users that orders has met, with the names that it shows: what users told, by its directory or by its events.
-- A user that left stays as a tombstone, which keeps nothing but the id: an order that was on its way then finds it.
CREATE TABLE orders_user (
    id            INTEGER PRIMARY KEY, -- users' id
    username      TEXT COLLATE NOCASE, -- null in a tombstone; not unique: two renames may arrive in either order
    revision      INTEGER NOT NULL,    -- users' revision that this name is from; an older one never replaces it
    name_revision INTEGER NOT NULL,    -- counts the changes of the name, for the ETags of orders that show it
    deleted       INTEGER NOT NULL DEFAULT 0,
    CHECK (deleted = (username IS NULL))
) STRICT;
CREATE INDEX orders_user_username ON orders_user (username) WHERE username IS NOT NULL;

CREATE TABLE orders_order (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- a deleted order's id never comes back
    user_id      INTEGER NOT NULL,                  -- has its row in orders_user
    product_name TEXT    NOT NULL COLLATE NOCASE,
    quantity     INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    status       INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2), -- 0 placed, 1 fulfilled, 2 cancelled
    revision     INTEGER NOT NULL DEFAULT 1,                      -- counts the changes of this row
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- One for each filter of the list. Every index ends in the id, so the pages of a user or a status are read in their order.
CREATE INDEX orders_order_user_id ON orders_order (user_id);
CREATE INDEX orders_order_status ON orders_order (status);
CREATE INDEX orders_order_product_name ON orders_order (product_name);
