// The database of the GraphQL API, with the names of fields that the API uses. As in Atrium, an order is counted exactly once;
// here this happens in the order's own transaction.
import Database from 'better-sqlite3';
import { openDatabase } from '../shared/database.mjs';

const user = `id, username, email, order_count AS orderCount, last_order_at AS lastOrderAt, revision,
  created_at AS createdAt, updated_at AS updatedAt`;
const order = `id, user_id AS userId, product_name AS productName, quantity, status, revision,
  created_at AS createdAt, updated_at AS updatedAt`;

export function openStore(path) {
  const database = openDatabase(Database, path, 'PLACED');

  const listUsers = database.prepare(`SELECT ${user} FROM users_account ORDER BY id LIMIT ?`);
  const listOrders = database.prepare(`SELECT ${order} FROM orders_order ORDER BY id LIMIT ?`);
  const findUsers = database.prepare(`SELECT ${user} FROM users_account WHERE id IN (SELECT value FROM json_each(?))`);
  const insertUser = database.prepare(
    `INSERT INTO users_account (username, email, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING ${user}`);
  const findUser = database.prepare('SELECT id FROM users_account WHERE username = ?').pluck();
  const insertOrder = database.prepare(
    'INSERT INTO orders_order (user_id, product_name, quantity, created_at, updated_at) VALUES (?, ?, ?, ?, ?) ' +
    `RETURNING ${order}`);
  const countOrder = database.prepare(
    'UPDATE users_account SET order_count = order_count + 1, last_order_at = ?, revision = revision + 1, updated_at = ? ' +
    'WHERE id = ?');

  const placeOrder = database.transaction((username, productName, quantity, now) => {
    const id = findUser.get(username);
    if (id === undefined) return undefined;
    const placed = insertOrder.get(id, productName, quantity, now, now);
    countOrder.run(now, now, id);
    return placed;
  });

  return {
    listUsers: (first) => listUsers.all(first),
    listOrders: (first) => listOrders.all(first),
    // Returns a map from id to user.
    findUsers: (ids) => new Map(findUsers.all(JSON.stringify(ids)).map((found) => [found.id, found])),
    // Throws SqliteError with code SQLITE_CONSTRAINT_UNIQUE if the name or address is taken.
    createUser: (username, email, now) => insertUser.get(username, email, now, now),
    // Returns undefined if there is no such user.
    placeOrder: (username, productName, quantity, now) => placeOrder.immediate(username, productName, quantity, now),
    close: () => database.close(),
  };
}
