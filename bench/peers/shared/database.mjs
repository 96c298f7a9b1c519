// Users and orders in one SQLite file, as durable as in Atrium: once a change is acknowledged, it is on disk (WAL,
// synchronous=FULL).

const schemaWith = (firstStatus) => `
  CREATE TABLE IF NOT EXISTS users_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL COLLATE NOCASE UNIQUE,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    order_count INTEGER NOT NULL DEFAULT 0,
    last_order_at TEXT,
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS orders_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users_account (id) ON DELETE CASCADE,
    product_name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT '${firstStatus}',
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS orders_order_by_user ON orders_order (user_id, id);
`;

// `Database` is the class of better-sqlite3 that the peer has imported, because this folder has no packages. `firstStatus` is
// the status of a new order in the API of the peer.
export function openDatabase(Database, path, firstStatus) {
  const database = new Database(path, { timeout: 10_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.exec(schemaWith(firstStatus));
  return database;
}
