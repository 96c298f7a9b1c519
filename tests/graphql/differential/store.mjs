/**
 * Users and orders as REST returns them, and resolvers for graphql-js. The resolvers compute with plain loops over arrays what
 * the server should return. The cursors are implemented from the documentation of their format, not from the server's code.
 */
import { GraphQLError } from 'graphql';

const maxPageSize = 1000;
const defaultPageSize = 100;
export const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()); // ASCII only, like the server

/** The cursor of a list by ascending id: a version and the id. */
export function cursorOf(id) {
  const bytes = Buffer.alloc(9);
  bytes[0] = 1;
  bytes.writeBigInt64BE(BigInt(id), 1);
  return bytes.toString('base64url');
}

/** The FNV-1a hash of the name of a sort order, which includes its direction. */
function fingerprint(text) {
  let hash = 14695981039346656037n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  return hash;
}

/** The cursor of any other list: a version, the hash of the sort order, the index of the searched field, id, value. */
export function positionCursor(order, { id, part = 0, value }) {
  const bytes = Buffer.alloc(18);
  bytes[0] = 2;
  bytes.writeBigUInt64BE(fingerprint(order), 1);
  bytes[9] = part;
  bytes.writeBigInt64BE(BigInt(id), 10);
  let end = Buffer.from(String(value));
  if (typeof value === 'number') (end = Buffer.alloc(8)).writeBigInt64BE(BigInt(value));
  return Buffer.concat([bytes, end]).toString('base64url');
}

/** The position that a cursor for this sort order contains; undefined if the text is not such a cursor. */
function fromCursor(text, order) {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return undefined;
  if (order.name === 'id+')
    return bytes.length === 9 && bytes[0] === 1 ? { part: 0, id: Number(bytes.readBigInt64BE(1)) } : undefined;
  if (
    bytes.length < 18 ||
    bytes[0] !== 2 ||
    bytes.readBigUInt64BE(1) !== fingerprint(order.name) ||
    bytes[9] >= order.parts.length
  )
    return undefined;
  const end = bytes.subarray(18);
  if (order.isText) return { part: bytes[9], id: Number(bytes.readBigInt64BE(10)), value: end.toString() };
  return end.length === 8
    ? { part: bytes[9], id: Number(bytes.readBigInt64BE(10)), value: Number(end.readBigInt64BE()) }
    : undefined;
}

const compareTexts = (a, b) => Buffer.compare(Buffer.from(lower(a)), Buffer.from(lower(b)));
const statuses = ['PLACED', 'FULFILLED', 'CANCELLED'];

/** The filters of the lists of users and of orders, and the fields by which these lists are sorted. */
const listsOf = {
  users: {
    filters: {
      username: (row, value) => lower(row.username) === lower(value),
      email: (row, value) => lower(row.email) === lower(value),
    },
    searched: [(row) => row.username, (row) => row.email],
    sorts: { id: (row) => row.id, username: (row) => row.username, email: (row) => row.email },
  },
  orders: {
    filters: {
      username: (row, value) => lower(row.user().username) === lower(value),
      status: (row, value) => row.status === value,
    },
    prefix: { argument: 'productName', name: 'product_name', value: (row) => row.productName },
    sorts: {
      id: (row) => row.id,
      user_id: (row) => row.userId,
      product_name: (row) => row.productName,
      status: (row) => statuses.indexOf(row.status),
    },
  },
};

const invalidPage = () => new GraphQLError('the arguments of the list are invalid');

/** The sort order of a list: its name with its direction, and the values by which the rows are sorted. The result of a search
 *  has one part for each searched field, and each part is sorted separately; any other list has one part. */
function orderOf(list, { search, sort, ...args }) {
  const sortField = sort === undefined ? undefined : (sort.startsWith('-') ? sort.slice(1) : sort);
  if (sortField !== undefined && !Object.hasOwn(list.sorts, sortField)) throw invalidPage();
  const prefix = list.prefix && args[list.prefix.argument];
  if (sortField !== undefined && (search || prefix)) throw invalidPage();
  if (search) return { name: 'search+', parts: list.searched, isText: true };
  if (prefix) return { name: `${list.prefix.name}+`, parts: [list.prefix.value], isText: true };
  const value = list.sorts[sortField ?? 'id'];
  const isDescending = sort?.startsWith('-') ?? false;
  return {
    name: (sortField ?? 'id') + (isDescending ? '-' : '+'),
    parts: [value],
    isDescending,
    isText: ['username', 'email', 'product_name'].includes(sortField),
  };
}

/** The rows that match the filters, in the order of the list, each with its position. */
function positionsOf(list, order, rows, { search, ids, ...args }) {
  const begins = (text, start) => lower(text).startsWith(lower(start));
  const isKept = (row) =>
    Object.entries(list.filters).every(([name, passes]) => args[name] === undefined || passes(row, args[name])) &&
    (!list.prefix || args[list.prefix.argument] === undefined || begins(list.prefix.value(row), args[list.prefix.argument])) &&
    (ids === undefined || ids.includes(String(row.id)));
  const positions = [];
  for (const row of rows.filter(isKept)) {
    const part = search ? order.parts.findIndex((value) => begins(value(row), search)) : 0;
    if (part >= 0) positions.push({ row, id: row.id, part, value: order.parts[part](row) });
  }
  return positions.sort((a, b) => comparePositions(order, a, b));
}

function comparePositions(order, a, b) {
  const values = order.name.startsWith('id') ? 0 : order.isText ? compareTexts(a.value, b.value) : a.value - b.value;
  return a.part - b.part || (order.isDescending ? -1 : 1) * (values || a.id - b.id);
}

/** Returns the connection for these arguments or throws an error. Null is the same as an absent argument. */
function connection(kind, rows, nullableArgs) {
  const list = listsOf[kind];
  const args = Object.fromEntries(Object.entries(nullableArgs).filter(([, value]) => value !== null && value !== undefined));
  const { first, last, after, before } = args;
  if ([first, last].some((each) => each < 0 || each > maxPageSize) || (first !== undefined && last !== undefined))
    throw invalidPage();
  const order = orderOf(list, args);
  const [from, to] = [after, before].map((each) => (each === undefined ? undefined : (fromCursor(each, order) ?? null)));
  if (from === null || to === null) throw invalidPage();

  const fits = (each) => (!from || comparePositions(order, each, from) > 0) && (!to || comparePositions(order, each, to) < 0);
  const fitting = positionsOf(list, order, rows, args).filter(fits);
  const count = first ?? last ?? defaultPageSize;
  const onPage = last !== undefined ? fitting.slice(Math.max(0, fitting.length - count)) : fitting.slice(0, count);
  const hasMore = fitting.length > onPage.length;
  const edges = onPage.map((each) => ({
    cursor: order.name === 'id+' ? cursorOf(each.id) : positionCursor(order.name, each),
    node: each.row,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: last !== undefined ? to !== undefined : hasMore,
      // No row has the id 0, so a position with this id is the start of the list.
      hasPreviousPage: last !== undefined ? hasMore : from !== undefined && from.id > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const withCamelCaseNames = (row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]),
  );
export const byId = (rows, id) => (/^[1-9][0-9]*$/.test(id) ? (rows.find((each) => String(each.id) === id) ?? null) : null);

/** The rows of the complete lists that GET /users/ and GET /orders/ return, with resolvers for the fields that refer to other
 *  rows. */
export class Store {
  users = [];
  orders = [];

  constructor(restUsers, restOrders) {
    for (const row of restUsers) this.addUser(withCamelCaseNames(row));
    for (const row of restOrders) this.addOrder({ ...withCamelCaseNames(row), status: row.status.toUpperCase() });
  }

  addUser(row) {
    const user = { __typename: 'User', nodeId: `User:${row.id}`, ...row };
    user.orders = (args) => connection('orders', this.orders.filter((each) => each.userId === user.id), args);
    this.users.push(user);
    return user;
  }

  addOrder(row) {
    const order = { __typename: 'Order', nodeId: `Order:${row.id}`, ...row };
    order.user = () => this.users.find((each) => each.id === order.userId) ?? null;
    this.orders.push(order);
    return order;
  }
}

/** Root values of queries for graphql-js. */
export function queriesOf({ users, orders }) {
  return {
    allUsers: (args) => connection('users', users, args).edges.map((each) => each.node),
    allOrders: (args) => connection('orders', orders, args).edges.map((each) => each.node),
    user: ({ id, username }) => {
      if (((id ?? null) === null) === ((username ?? null) === null))
        throw new GraphQLError('exactly one of id and username is needed');
      return typeof id === 'string' ? byId(users, id) : users.find((each) => lower(each.username) === lower(username)) ?? null;
    },
    order: ({ id }) => byId(orders, id),
    node: ({ id }) => {
      const [, type, rest] = id.match(/^([^:]*):([^]*)$/) ?? [];
      return { User: byId(users, rest ?? ''), Order: byId(orders, rest ?? '') }[type] ?? null;
    },
    users: (args) => connection('users', users, args),
    orders: (args) => connection('orders', orders, args),
  };
}
