"""Creates deliveries for a subscription that no process handles, so that /metrics and /readyz have many rows to count."""

import sqlite3

SUBSCRIPTION = "INSERT INTO events_subscription (name, topics, began) VALUES ('elsewhere', 'no.such', 0)"
DELIVERIES = """
INSERT INTO events_delivery (subscription, seq, place, key, priority, state)
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?)
SELECT ?, i, i, 'user:' || i, 5, 'queued' FROM number
"""


def prepare(server, count):
    """Writes `count` deliveries directly into the server's database, and leaves the write-ahead log empty."""
    database = sqlite3.connect(server.database, timeout=60)
    try:
        with database:
            subscription = database.execute(SUBSCRIPTION).lastrowid
            database.execute(DELIVERIES, (count, subscription))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
