// Tests operations over a WebSocket, with the client of graphql-ws.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, atEndOf, eventually } from './atrium.mjs';
import { collect, expectBegun, orderCreated, products, singleResponse } from './subscriptions.mjs';

const server = Atrium.forAllTests(async (server) => {
  await server.addUser('ann');
  await server.addUser('bob');
});

function connect(t, options = {}) {
  const client = createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  atEndOf(t, () => client.dispose());
  return client;
}

test('a query gets exactly one response, and then ends', async (t) => {
  const query = 'query Q($name: String!) { user(username: $name) { email } }';
  assert.deepEqual(await singleResponse(connect(t), query, { name: 'ann' }), { data: { user: { email: 'ann@example.com' } } });
});

test('a mutation changes data and returns the result', async (t) => {
  const client = connect(t);
  const input = { username: 'bob', productName: 'tea', quantity: 3 };
  const mutation = 'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { quantity status user { username } } }';
  const { data } = await singleResponse(client, mutation, { input });
  assert.deepEqual(data.createOrder, { quantity: 3, status: 'PLACED', user: { username: 'bob' } });
});

test('errors in fields of a query are sent with its data', async (t) => {
  const { data, errors } = await singleResponse(connect(t), '{ user { id } __typename }');
  assert.deepEqual(data, { user: null, __typename: 'Query' });
  assert.deepEqual(errors.map((each) => each.path), [['user']]);
});

test('an operation that cannot run is refused with GraphQL errors, and the connection stays open', async (t) => {
  const client = connect(t, { lazy: false });
  for (const [query, message] of [
    ['{ nothing }', /Cannot query field "nothing"/],
    ['{', /Syntax Error/],
    ['query A { __typename } query B { __typename }', /operation name/],
    ['subscription { events(after: "x") { seq } }', /after/],
  ]) {
    const inbox = collect(client, query);
    await inbox.awaitEnd();
    assert.equal(inbox.items.length, 0);
    assert.ok(Array.isArray(inbox.error), `${query}: ${inbox.error}`);
    assert.match(inbox.error[0].message, message);
  }
  assert.deepEqual(await singleResponse(client, '{ __typename }'), { data: { __typename: 'Query' } });
});

test('orders placed with REST and with a mutation arrive in order in a subscription', async (t) => {
  const client = connect(t);
  const inbox = collect(client, orderCreated);
  await expectBegun(server, inbox, 'ann');
  await server.addOrder('ann', 'by REST');
  await server.ask('mutation { createOrder(input: {username: "bob", productName: "by mutation"}) { id } }');
  await eventually(() => products(inbox).length === 2, 'the arrival of two orders');
  assert.deepEqual(products(inbox), ['by REST', 'by mutation']);
  assert.deepEqual(inbox.items.at(-1), { data: { orderCreated: { productName: 'by mutation', user: { username: 'bob' } } } });
});

test('two subscriptions on one connection are independent, even after one of them has ended', async (t) => {
  const client = connect(t);
  const ofAnn = collect(client, orderCreated, { username: 'ANN' });
  const ofAll = collect(client, orderCreated);
  await expectBegun(server, ofAnn, 'ann');
  await expectBegun(server, ofAll, 'ann');
  await server.addOrder('ann', 'first');
  await server.addOrder('bob', 'second');
  await eventually(() => products(ofAll).length === 2 && products(ofAnn).length === 1, 'the arrival of the first orders');

  ofAnn.stop();
  await ofAnn.awaitEnd();
  await server.addOrder('ann', 'third');
  await eventually(() => products(ofAll).length === 3, 'the arrival of the last order');
  assert.deepEqual(products(ofAll), ['first', 'second', 'third']);
  assert.deepEqual(products(ofAnn), ['first']);
});

test('an operation id can be used again once its operation has been stopped', async (t) => {
  const client = connect(t, { lazy: false, generateID: () => 'always the same' });
  for (let i = 0; i < 50; ++i) {
    const inbox = collect(client, orderCreated);
    inbox.stop();
    await inbox.awaitEnd();
    assert.equal(inbox.error, undefined);
  }
  assert.deepEqual(await singleResponse(client, '{ __typename }'), { data: { __typename: 'Query' } });
});

test('the pong for a ping has the payload of the ping', async (t) => {
  const messages = [];
  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
  atEndOf(t, () => socket.terminate());
  socket.on('message', (data) => messages.push(JSON.parse(data)));
  await eventually(() => socket.readyState === WebSocket.OPEN, 'an open socket');
  socket.send('{"type":"ping"}'); // pings are allowed even before connection_init
  socket.send('{"type":"connection_init","payload":{"token":"x"}}');
  socket.send('{"type":"ping","payload":{"n":[1,null,"é"]}}');
  socket.send('{"type":"pong"}'); // unsolicited, which is allowed
  await eventually(() => messages.length === 3, 'three messages');
  assert.deepEqual(messages, [{ type: 'pong' }, { type: 'connection_ack' }, { type: 'pong', payload: { n: [1, null, 'é'] } }]);
  assert.equal(socket.readyState, WebSocket.OPEN);
});

test('a client that sends pings to keep the connection alive gets pongs', async (t) => {
  let pongs = 0;
  connect(t, { lazy: false, keepAlive: 20, on: { pong: (received) => (pongs += received ? 1 : 0) } });
  await eventually(() => pongs >= 3, 'three pongs');
});
