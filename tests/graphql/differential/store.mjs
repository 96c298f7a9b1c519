/**
 * Users and orders as REST shows them, with resolvers for graphql-js: what the server's answers are to be, by plain loops over
 * arrays. The cursors are made here again, by their documented form.
 */
import { GraphQLError } from 'graphql';

const longestPage = 1000;
const defaultPage = 100;
export const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()); // ASCII alone, as the server does

export function cursorOf(id) {
  const bytes = Buffer.alloc(9);
  bytes[0] = 1;
  bytes.writeBigInt64BE(BigInt(id), 1);
  return bytes.toString('base64url');
}

function fromCursor(text) {
  const bytes = Buffer.from(text, 'base64url');
  return text.length === 12 && bytes.length === 9 && bytes[0] === 1 && bytes.toString('base64url') === text ? Number(bytes.readBigInt64BE(1)) : undefined;
}

/** The page that arguments ask for, or a fault that names them. */
function page({ first, last, after, before }) {
  const counts = [first, last].map((each) => each ?? undefined);
  const positions = [after, before].map((each) => (typeof each === 'string' ? fromCursor(each) : 'none'));
  const isWrong = counts.some((each) => each < 0 || each > longestPage) || counts.every((each) => each !== undefined) || positions.includes(undefined);
  if (isWrong) throw new GraphQLError('the page cannot be understood');
  const [from, to] = positions;
  return {
    fits: ({ id }) => (from === 'none' || id > from) && (to === 'none' || id < to),
    count: counts[0] ?? counts[1] ?? defaultPage,
    isFromEnd: counts[1] !== undefined,
    hasAfter: from !== 'none' && from > 0,
    hasBefore: to !== 'none',
  };
}

function connection(rows, args) {
  const wanted = page(args);
  const fitting = rows.filter(wanted.fits);
  const shown = wanted.isFromEnd ? fitting.slice(Math.max(0, fitting.length - wanted.count)) : fitting.slice(0, wanted.count);
  const hasMore = fitting.length > shown.length;
  const edges = shown.map((node) => ({ cursor: cursorOf(node.id), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: wanted.isFromEnd ? wanted.hasBefore : hasMore,
      hasPreviousPage: wanted.isFromEnd ? hasMore : wanted.hasAfter,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const camel = (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), value]));
export const byId = (rows, id) => (/^[1-9][0-9]*$/.test(id) ? rows.find((each) => String(each.id) === id) ?? null : null);

/** The rows, from the whole of GET /users/ and GET /orders/. */
export class Store {
  users = [];
  orders = [];

  constructor(restUsers, restOrders) {
    for (const row of restUsers) this.addUser(camel(row));
    for (const row of restOrders) this.addOrder({ ...camel(row), status: row.status.toUpperCase() });
  }

  addUser(row) {
    const user = { __typename: 'User', nodeId: `User:${row.id}`, ...row };
    user.orders = (args) => connection(this.orders.filter((each) => each.userId === user.id), args);
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

/** Root values for graphql-js, of queries. */
export function queriesOf({ users, orders }) {
  return {
    allUsers: (args) => connection(users, args).edges.map((each) => each.node),
    allOrders: (args) => connection(orders, args).edges.map((each) => each.node),
    user: ({ id, username }) => {
      if ((id ?? null) === null && (username ?? null) === null) throw new GraphQLError('either id or username is needed');
      if ((id ?? null) !== null && (username ?? null) !== null) throw new GraphQLError('either id or username is needed');
      return typeof id === 'string' ? byId(users, id) : users.find((each) => lower(each.username) === lower(username)) ?? null;
    },
    order: ({ id }) => byId(orders, id),
    node: ({ id }) => {
      const [, type, rest] = id.match(/^([^:]*):([^]*)$/) ?? [];
      return { User: byId(users, rest ?? ''), Order: byId(orders, rest ?? '') }[type] ?? null;
    },
    users: ({ search, ...args }) => {
      const begins = (text) => lower(text).startsWith(lower(search));
      return connection(typeof search === 'string' ? users.filter((each) => begins(each.username) || begins(each.email)) : users, args);
    },
    orders: ({ username, status, ...args }) =>
      connection(
        orders.filter((each) => (typeof username !== 'string' || lower(each.user().username) === lower(username)) && (!status || each.status === status)),
        args,
      ),
  };
}
