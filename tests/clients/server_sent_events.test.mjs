// Tests operations over server-sent events, with the client of graphql-sse (distinct connections mode).
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from 'graphql-sse';

import { Atrium, atEndOf, eventually } from './atrium.mjs';
import { collect, expectBegun, orderCreated, products, singleResponse } from './subscriptions.mjs';

const server = Atrium.forAllTests(async (server) => {
  await server.addUser('ann');
  await server.addUser('bob');
});

function connect(t, target = server) {
  const client = createClient({ url: target.url, retryAttempts: 0 });
  atEndOf(t, () => client.dispose());
  return client;
}

test('a query or a mutation gets exactly one response, and then ends', async (t) => {
  const client = connect(t);
  const query = 'query ($name: String!) { user(username: $name) { email } }';
  assert.deepEqual(await singleResponse(client, query, { name: 'ann' }), { data: { user: { email: 'ann@example.com' } } });
  const mutation = 'mutation { createOrder(input: {username: "bob", productName: "tea", quantity: 3}) { quantity } }';
  assert.deepEqual(await singleResponse(client, mutation), { data: { createOrder: { quantity: 3 } } });
});

test('orders placed with REST and with a mutation arrive in order, in two subscriptions at the same time', async (t) => {
  const client = connect(t);
  const ofAnn = collect(client, orderCreated, { username: 'ann' });
  const ofAll = collect(client, orderCreated);
  await expectBegun(server, ofAnn, 'ann');
  await expectBegun(server, ofAll, 'ann');
  await server.addOrder('ann', 'by REST');
  await server.ask('mutation { createOrder(input: {username: "bob", productName: "by mutation"}) { id } }');
  await eventually(() => products(ofAll).length === 2 && products(ofAnn).length === 1, 'the arrival of two orders');
  assert.deepEqual(products(ofAll), ['by REST', 'by mutation']);
  assert.deepEqual(products(ofAnn), ['by REST']);

  ofAnn.stop();
  await ofAnn.awaitEnd();
  await server.addOrder('ann', 'third');
  await eventually(() => products(ofAll).length === 3, 'the arrival of the last order');
  assert.deepEqual(products(ofAnn), ['by REST']);
});

test('the server ends a subscription whose client has disconnected', async (t) => {
  const streams = () => server.metric('atrium_http_streams');
  await eventually(async () => (await streams()) === 0, 'no stream');
  const inbox = collect(connect(t), orderCreated);
  await eventually(async () => (await streams()) === 1, 'one stream');
  inbox.stop();
  await eventually(async () => (await streams()) === 0, 'no stream');
});

test('an operation that cannot run gets a response with errors', async (t) => {
  const client = connect(t);
  for (const [query, message] of [
    ['{ nothing }', /Cannot query field "nothing"/],
    ['subscription { events(after: "x") { seq } }', /after/],
    ['subscription { events(after: 1000000) { seq } }', /no event 1000000 yet/],
  ]) {
    const { data, errors } = await singleResponse(client, query);
    assert.equal(data ?? null, null);
    assert.match(errors[0].message, message);
  }
});

test('a subscription with the argument `after` begins with the event that follows this seq', async (t) => {
  const client = connect(t);
  const follow = 'subscription ($after: ID) { events(topic: "orders.*", after: $after) { seq } }';
  await server.addOrder('ann', 'one');
  const all = collect(client, follow, { after: 0 });
  await eventually(() => all.items.length > 0, 'an event');
  await server.addOrder('ann', 'another');
  const first = all.items[0].data.events.seq;
  const rest = collect(client, follow, { after: first });
  await eventually(() => rest.items.length > 0 && all.items.length === rest.items.length + 1, 'all but the first event');
  assert.deepEqual(rest.items, all.items.slice(1));
});

test('a shutdown ends a stream without a "complete" event, and the server ends with status 0', async (t) => {
  const stopping = await Atrium.start(t);
  await stopping.addUser('ann');
  const inbox = collect(connect(t, stopping), orderCreated);
  await expectBegun(stopping, inbox, 'ann');
  await stopping.stop(); // checks the status
  await inbox.awaitEnd();
  assert.equal(inbox.isComplete, false); // so that a client with retries connects again
  assert.match(String(inbox.error), /Connection closed/);
});
