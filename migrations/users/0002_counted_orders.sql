-- Which orders users_account.order_count counts, so that an event about an order that comes late or twice changes no count.
-- order_count = unlisted_orders + the user's rows without a tombstone.
CREATE TABLE users_order (
    order_id   INTEGER PRIMARY KEY,        -- orders' id, which never comes back
    user_id    INTEGER NOT NULL,
    tombstone  INTEGER,                    -- of a deleted order: 1, 2, 3, ... in the order of deletion; NULL: it is counted
    deleted_at INTEGER,                    -- when the tombstone was written, in milliseconds since 1970
    assumed    INTEGER NOT NULL DEFAULT 0, -- 1: it was subtracted from unlisted_orders, as an earlier version seemed to have counted it
    CHECK ((tombstone IS NULL) = (deleted_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX users_order_tombstone ON users_order (tombstone) WHERE tombstone IS NOT NULL;

-- The orders in order_count that users_order does not list: those that were counted before this table existed, and those of other
-- programs, whose events come without an order's id.
ALTER TABLE users_account ADD COLUMN unlisted_orders INTEGER NOT NULL DEFAULT 0;
UPDATE users_account SET unlisted_orders = order_count WHERE order_count > 0;

-- What the orders that were counted before this table existed have in common. No row: there are none.
CREATE TABLE users_order_history (
    only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
    counted_until INTEGER NOT NULL, -- the time of the newest of their events, in milliseconds since 1970
    first_order   INTEGER           -- no order from this id on is one of them; NULL until one is known
) STRICT;
INSERT INTO users_order_history (only_row, counted_until)
    SELECT 1, max(last_order_at) FROM users_account WHERE order_count > 0 HAVING max(last_order_at) IS NOT NULL;
