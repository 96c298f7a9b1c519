-- The same indexes with the state at the end. Every query of dead letters names the state, so SQLite looked up the row of each
-- dead letter that it counted or listed; with the state in the index it does not.
DROP INDEX events_delivery_dead;
DROP INDEX events_delivery_dead_subscription;
DROP INDEX events_delivery_dead_key;
DROP INDEX events_delivery_dead_group;
CREATE INDEX events_delivery_dead ON events_delivery (seq, subscription, state) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_subscription ON events_delivery (subscription, seq, state) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_key ON events_delivery (key, seq, subscription, state) WHERE state = 'dead';
CREATE INDEX events_delivery_dead_group ON events_delivery (failure_group, seq, subscription, state) WHERE state = 'dead';
