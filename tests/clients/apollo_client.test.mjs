// Tests with @apollo/client, which sends queries and reads lists page by page, as applications do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js';
import { BatchHttpLink } from '@apollo/client/link/batch-http/index.js';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries/index.js';
import { relayStylePagination } from '@apollo/client/utilities/index.js';

import { Atrium, atEndOf, inParallel } from './atrium.mjs';

const users = 23;
const ordersOfAnn = 17;
const server = Atrium.forAllTests(async (server) => {
  await server.addUser('ann');
  await inParallel(users - 1, 8, (i) => server.addUser(`user-${i}`));
  await server.addOrder('user-0', 'not ann’s');
  await inParallel(ordersOfAnn, 8, (i) => server.addOrder('ann', `product ${i}`));
});

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function connect(t) {
  const cache = new InMemoryCache({
    typePolicies: {
      Query: { fields: { users: relayStylePagination() } },
      User: { fields: { orders: relayStylePagination() } },
    },
  });
  const client = new ApolloClient({ link: new HttpLink({ uri: server.url }), cache });
  atEndOf(t, () => client.stop());
  return client;
}

test('queries that are started at the same time are sent in one batch', async (t) => {
  const batches = [];
  const countingFetch = (uri, options) => {
    batches.push(JSON.parse(options.body).length);
    return fetch(uri, options);
  };
  const link = new BatchHttpLink({ uri: server.url, fetch: countingFetch, batchMax: 10, batchInterval: 100 });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  atEndOf(t, () => client.stop());
  const query = gql`query ($username: String!) { user(username: $username) { username } }`;
  const names = ['ann', 'user-0', 'nobody'];
  const answers = await Promise.all(names.map((username) => client.query({ query, variables: { username } })));
  assert.deepEqual(answers.map(({ data }) => data.user?.username), ['ann', 'user-0', undefined]);
  assert.deepEqual(batches, [3]);
});

for (const method of ['POST', 'GET'])
  test(`after the server has refused the hash of a query sent by ${method}, Apollo Client sends whole documents`, async (t) => {
    const requests = [];
    const countingFetch = (uri, options) => {
      const parameters = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(uri).searchParams);
      requests.push('query' in parameters ? 'document' : 'hash');
      return fetch(uri, options);
    };
    const hashing = createPersistedQueryLink({ sha256, useGETForHashedQueries: method === 'GET' });
    const client = new ApolloClient({
      link: hashing.concat(new HttpLink({ uri: server.url, fetch: countingFetch })),
      cache: new InMemoryCache(),
    });
    atEndOf(t, () => client.stop());
    const ask = (username) =>
      client.query({
        query: gql`
          query ($username: String!) {
            user(username: $username) {
              username
            }
          }
        `,
        variables: { username },
      });
    assert.equal((await ask('ann')).data.user.username, 'ann');
    assert.equal((await ask('user-0')).data.user.username, 'user-0');
    assert.deepEqual(requests, ['hash', 'document', 'document']);
  });

test('a query with fragments and variables returns the selected fields', async (t) => {
  const query = gql`
    query Ann($name: String!, $first: Int = 2, $withRevision: Boolean!) {
      user(username: $name) { ...named ...orders }
      node(id: "User:1") { nodeId ... on User { ...named } ... on Order { productName } }
    }
    fragment named on User { id username revision @include(if: $withRevision) }
    fragment orders on User { orders(first: $first) { edges { node { productName user { ...named } } } } }
  `;
  const { data } = await connect(t).query({ query, variables: { name: 'ann', withRevision: false } });
  assert.equal(data.user.username, 'ann');
  assert.equal('revision' in data.user, false);
  assert.equal(data.user.orders.edges.length, 2);
  assert.ok(
    data.user.orders.edges.every(({ node }) => node.user.username === 'ann' && node.productName.startsWith('product ')),
  );
  assert.equal(data.node.__typename, 'User');
  assert.equal(data.node.username, 'ann');
});

test('an error of a mutation has a code, and names the same fields and faults as REST for the same input', async (t) => {
  const client = connect(t);
  const failing = async (mutation, variables) => {
    const { errors } = await client.mutate({ mutation, variables, errorPolicy: 'all' });
    assert.equal(errors.length, 1);
    return errors[0];
  };
  const createUser = gql`mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }`;
  const createOrder = gql`mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }`;
  const deleteUser = gql`mutation { deleteUser(id: 1000) }`;

  const invalid = await failing(createUser, { input: { username: '', email: 'nothing' } });
  assert.equal(invalid.extensions.code, 'INVALID');
  assert.deepEqual(invalid.extensions.errors.map((each) => each.pointer), ['/username', '/email']);
  assert.deepEqual(invalid.path, ['createUser']);
  const rest = await server.request('POST', '/users/', { username: '', email: 'nothing' });
  assert.deepEqual(invalid.extensions.errors, rest.json().errors);

  const taken = await failing(createUser, { input: { username: 'ANN', email: 'other@example.com' } });
  assert.equal(taken.extensions.code, 'CONFLICT');
  const unknown = await failing(createOrder, { input: { username: 'nobody', productName: 'tea' } });
  assert.equal(unknown.extensions.code, 'INVALID');
  assert.deepEqual(unknown.extensions.errors.map((each) => each.pointer), ['/username']);
  assert.equal((await failing(deleteUser)).extensions.code, 'NOT_FOUND');

  const incomplete = await failing(createUser, { input: { username: 'x' } });
  assert.match(incomplete.message, /"email" of required type "String!" was not provided/);
});

test('the result of a mutation updates the result of an earlier query in the cache of the client', async (t) => {
  const client = connect(t);
  const order = await server.addOrder('user-1', 'coffee');
  const query = gql`query ($id: ID!) { order(id: $id) { id status quantity } }`;
  const mutation = gql`mutation ($id: ID!) { updateOrder(id: $id, input: {status: FULFILLED}) { id status } }`;
  const variables = { id: String(order.id) };
  assert.equal((await client.query({ query, variables })).data.order.status, 'PLACED');
  await client.mutate({ mutation, variables });
  assert.deepEqual(client.readQuery({ query, variables }).order, {
    __typename: 'Order',
    id: variables.id,
    status: 'FULFILLED',
    quantity: 1,
  });
});

const pageOfUsers = gql`
  query ($first: Int, $after: String, $last: Int, $before: String) {
    users(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id username } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
const pageOfOrders = gql`
  query ($first: Int, $after: String, $last: Int, $before: String) {
    user(username: "ann") {
      id
      orders(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`;

for (const [name, query, connection, total] of [
  ['users', pageOfUsers, (data) => data.users, users],
  ["a user's orders", pageOfOrders, (data) => data.user.orders, ordersOfAnn],
]) {
  const idsIn = (data) => connection(data).edges.map(({ node }) => Number(node.id));

  test(`paging forwards through ${name} shows each of them exactly once`, async (t) => {
    const watched = connect(t).watchQuery({ query, variables: { first: 5 } });
    const subscription = watched.subscribe(() => {});
    atEndOf(t, () => subscription.unsubscribe());
    let { data } = await watched.result();
    for (let pages = 1; connection(data).pageInfo.hasNextPage; ++pages) {
      assert.equal(connection(data).edges.length, 5 * pages);
      await watched.fetchMore({ variables: { first: 5, after: connection(data).pageInfo.endCursor } });
      data = watched.getCurrentResult().data;
    }
    const ids = idsIn(data);
    assert.equal(ids.length, total);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  });

  test(`paging backwards through ${name} shows each of them exactly once`, async (t) => {
    const watched = connect(t).watchQuery({ query, variables: { last: 4 } });
    const subscription = watched.subscribe(() => {});
    atEndOf(t, () => subscription.unsubscribe());
    let { data } = await watched.result();
    for (let pages = 1; connection(data).pageInfo.hasPreviousPage; ++pages) {
      assert.equal(connection(data).edges.length, 4 * pages);
      await watched.fetchMore({ variables: { last: 4, before: connection(data).pageInfo.startCursor } });
      data = watched.getCurrentResult().data;
    }
    const ids = idsIn(data);
    assert.equal(ids.length, total);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  });
}
