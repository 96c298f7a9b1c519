-- Finds the events of a short time, such as those that a request has caused. Times rise almost always with seq, so a new entry
-- is almost always the last one of the index, and costs little.
CREATE INDEX events_log_time ON events_log (time);
