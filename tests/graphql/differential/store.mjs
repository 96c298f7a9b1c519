/**
 * Users and orders as REST shows them, with resolvers for graphql-js: what the server's answers are to be, by plain loops over
 * arrays. The cursors are made here again, by their documented form.
 */
import { GraphQLError } from 'graphql';

const longestPage = 1000;
const defaultPage = 100;
const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()); // ASCII alone, as the server does

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
const byId = (rows, id) => (/^[1-9][0-9]*$/.test(id) ? rows.find((each) => String(each.id) === id) ?? null : null);

/** The root value for graphql-js, from the whole of GET /users/ and GET /orders/. */
export function rootOf(restUsers, restOrders) {
  const users = restUsers.map((row) => ({ __typename: 'User', nodeId: `User:${row.id}`, ...camel(row) }));
  const orders = restOrders.map((row) => ({ __typename: 'Order', nodeId: `Order:${row.id}`, ...camel(row), status: row.status.toUpperCase() }));
  for (const user of users) user.orders = (args) => connection(orders.filter((each) => each.userId === user.id), args);
  for (const order of orders) order.user = users.find((each) => each.id === order.userId) ?? null;

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
        orders.filter((each) => (typeof username !== 'string' || lower(each.user.username) === lower(username)) && (!status || each.status === status)),
        args,
      ),
  };
}
