// The database of the REST API. As in Atrium, each order increases its user's `order_count` exactly once; here in the
// transaction that inserts the order.
import Database from 'better-sqlite3';
import { openDatabase } from '../shared/database.mjs';

export function openStore(path) {
  const database = openDatabase(Database, path, 'placed');

  const listUsers = database.prepare('SELECT * FROM users_account WHERE id > ? ORDER BY id LIMIT ?');
  const insertUser = database.prepare(
    'INSERT INTO users_account (username, email, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING *');
  const findUser = database.prepare('SELECT id, username FROM users_account WHERE username = ?');
  const insertOrder = database.prepare(
    'INSERT INTO orders_order (user_id, product_name, quantity, created_at, updated_at) VALUES (?, ?, ?, ?, ?) RETURNING *');
  const countOrder = database.prepare(
    'UPDATE users_account SET order_count = order_count + 1, last_order_at = ?, revision = revision + 1, updated_at = ? ' +
    'WHERE id = ?');

  const placeOrder = database.transaction((username, productName, quantity, now) => {
    const user = findUser.get(username);
    if (user === undefined) return undefined;
    const order = insertOrder.get(user.id, productName, quantity, now, now);
    countOrder.run(now, now, user.id);
    order.user = user.username;
    return order;
  });

  return {
    listUsers: (after, limit) => listUsers.all(after, limit),
    // Throws SqliteError with code SQLITE_CONSTRAINT_UNIQUE if the name or address is taken.
    createUser: (username, email, now) => insertUser.get(username, email, now, now),
    // Returns undefined if there is no such user.
    placeOrder: (username, productName, quantity, now) => placeOrder.immediate(username, productName, quantity, now),
    close: () => database.close(),
  };
}
