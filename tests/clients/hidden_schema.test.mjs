// Tests a server that hides its schema, and a server without GraphiQL.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { getIntrospectionQuery } from 'graphql';

import { Atrium } from './atrium.mjs';

const pageHeaders = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

test('without introspection the schema cannot be queried, and other queries run as usual', async (t) => {
  const server = await Atrium.start(t, ['graphql.introspection=false']);
  await server.addUser('ann');
  const messages = async (query, variables) => (await server.ask(query, variables)).errors.map((each) => each.message);
  const refusal = (field) => `GraphQL introspection has been disabled, but the requested query contained the field "${field}".`;
  assert.deepEqual(await messages(getIntrospectionQuery()), [refusal('__schema')]);
  const aliased = '{ __type(name: "User") { name } ...more } fragment more on Query { s: __schema { description } }';
  assert.deepEqual(await messages(aliased), [refusal('__type'), refusal('__schema')]);
  assert.deepEqual(await server.ask('{ __typename user(username: "ann") { __typename email } }'), {
    data: { __typename: 'Query', user: { __typename: 'User', email: 'ann@example.com' } },
  });
});

test('without introspection, errors suggest no names', async (t) => {
  const hidden = await Atrium.start(t, ['graphql.introspection=false']);
  const usual = await Atrium.start(t);
  for (const [query, variables] of [
    ['{ allUser { id } }'],
    ['{ user(usernam: "ann") { id } }'],
    ['{ node(id: "User:1") { email } }'],
    ['query ($a: Strin) { user(username: $a) { id } }'],
    ['{ __typename @skip(iff: true) }'],
    ['mutation { updateOrder(id: 1, input: {status: FULFILED}) { id } }'],
    ['mutation { updateOrder(id: 1, input: {stats: FULFILLED}) { id } }'],
    ['mutation ($i: UpdateOrderInput!) { updateOrder(id: 1, input: $i) { id } }', { i: { status: 'FULFILED' } }],
    ['mutation ($i: UpdateOrderInput!) { updateOrder(id: 1, input: $i) { id } }', { i: { stats: 'FULFILLED' } }],
  ]) {
    assert.match((await usual.ask(query, variables)).errors[0].message, /Did you mean/, query);
    const { errors } = await hidden.ask(query, variables);
    assert.doesNotMatch(JSON.stringify(errors), /Did you mean/, query);
  }
});

test('without GraphiQL a browser gets the same responses as every client', async (t) => {
  const server = await Atrium.start(t, ['graphql.graphiql=false']);
  const answer = await server.request('GET', '/graphql/', undefined, pageHeaders);
  assert.equal(answer.status, 400);
  assert.match(answer.headers['content-type'], /^application\/json/);
  assert.match(answer.json().errors[0].message, /"query" is missing/);
  const typename = await server.request('GET', '/graphql/?query={__typename}', undefined, pageHeaders);
  assert.deepEqual(typename.json(), { data: { __typename: 'Query' } });
  assert.equal((await server.request('GET', '/graphql/', undefined, { Accept: 'text/html' })).status, 406);
  assert.equal((await server.request('GET', '/graphql/assets/index.html')).status, 404);
  const { routes } = (await server.request('GET', '/')).json();
  const paths = routes.filter(({ path }) => path.startsWith('/graphql')).map(({ method, summary }) => `${method} ${summary}`);
  assert.deepEqual(paths, ['GET Run a GraphQL query', 'POST Run a GraphQL operation']);

  const usual = await Atrium.start(t);
  assert.match((await usual.request('GET', '/graphql/', undefined, pageHeaders)).headers['content-type'], /^text\/html/);
});
