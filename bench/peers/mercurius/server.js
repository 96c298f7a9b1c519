// The measured part of Atrium's GraphQL API, written in the usual style of Mercurius.
// usage: node server.js PORT DATABASE [PROCESSES]
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { serve } from '../shared/serve.mjs';
import { openStore } from './store.js';

const { ErrorWithProps } = mercurius;

function rowCount(first) {
  if (first === null) return 100;
  if (first < 0 || first > 1000)
    throw new ErrorWithProps('invalid page', {
      code: 'INVALID',
      errors: [{ pointer: 'first', detail: 'must be 0 to 1000' }],
    });
  return first;
}

const resolversOf = (store) => ({
  Query: {
    allUsers: (_, { first }) => store.listUsers(rowCount(first)),
    allOrders: (_, { first }) => store.listOrders(rowCount(first)),
  },
  Mutation: {
    createUser: (_, { input: { username, email } }) => store.createUser(username, email, new Date().toISOString()),
    createOrder: (_, { input: { username, productName, quantity } }) => {
      const order = store.placeOrder(username, productName, quantity, new Date().toISOString());
      if (order === undefined) throw new ErrorWithProps('there is no such user', { code: 'INVALID' });
      return order;
    },
  },
});

// Loads all users of a level with one statement, and each user once. Mercurius's own cache is disabled, because it would
// convert every order to JSON to look it up in the cache, which costs more than the cache saves.
const loadersOf = (store) => ({
  Order: {
    user: {
      async loader(orders) {
        const users = store.findUsers([...new Set(orders.map(({ obj }) => obj.userId))]);
        return orders.map(({ obj }) => users.get(obj.userId) ?? null);
      },
      opts: { cache: false },
    },
  },
});

function build(store) {
  const app = Fastify({ logger: false, ignoreTrailingSlash: true });
  app.register(mercurius, {
    schema: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
    resolvers: resolversOf(store),
    loaders: loadersOf(store),
    jit: 1,
  });
  app.get('/livez', () => ({ status: 'ok' }));
  return app;
}

await serve(openStore, build);
