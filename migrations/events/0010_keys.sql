-- Finds the events of one key, in order, such as those of one order. The keys of new entities are often neighbors, so that their
-- entries share pages of the index.
CREATE INDEX events_log_key ON events_log (key);
