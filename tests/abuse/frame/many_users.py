"""A database with many users, written directly in one statement."""

import sqlite3

STATEMENT = """
INSERT INTO users_account (username, email, created_at, updated_at)
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?)
SELECT 'user' || i, 'user' || i || '@example.com', 1764000000000, 1764000000000 FROM number
"""


def prepare(server, count):
    database = sqlite3.connect(server.database, timeout=60)
    try:
        with database:
            database.execute(STATEMENT, (count,))
    finally:
        database.close()
