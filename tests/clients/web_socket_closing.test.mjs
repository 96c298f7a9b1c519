// Tests the codes with which the server closes a WebSocket: those of the graphql-transport-ws protocol, and the one for a
// shutdown.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, atEndOf, eventually } from './atrium.mjs';
import { collect, expectBegun, orderCreated } from './subscriptions.mjs';

const server = Atrium.forAll();

/** Sends these messages and returns the code and the reason with which the server then closes the connection. */
async function closing(messages, { target = server, protocols = 'graphql-transport-ws' } = {}) {
  const socket = new WebSocket(target.webSocketUrl, protocols);
  const closed = once(socket, 'close');
  await once(socket, 'open');
  for (const each of messages) socket.send(typeof each === 'string' ? each : JSON.stringify(each));
  const [code, reason] = await closed;
  return { code, reason: reason.toString() };
}

const init = { type: 'connection_init' };
const subscribe = (id) => ({ id, type: 'subscribe', payload: { query: 'subscription { events { seq } }' } });

for (const [what, message] of [
  ['not JSON', 'hello'],
  ['not an object', '[]'],
  ['no type', { id: '1' }],
  ['an unknown type', { type: 'start' }],
  ['a payload that is not an object', { type: 'ping', payload: 'x' }],
  ['a subscribe without id', { type: 'subscribe', payload: { query: '{ __typename }' } }],
  ['a subscribe with an empty id', { ...subscribe(''), id: '' }],
  ['a subscribe without payload', { type: 'subscribe', id: '1' }],
  ['a subscribe without query', { type: 'subscribe', id: '1', payload: {} }],
  ['a complete without id', { type: 'complete' }],
]) {
  test(`4400: ${what}`, async () => {
    const { code, reason } = await closing([init, message]);
    assert.equal(code, 4400);
    assert.notEqual(reason, '');
  });
}

test('4401: subscribe before connection_init', async () => {
  assert.deepEqual(await closing([subscribe('1')]), { code: 4401, reason: 'Unauthorized' });
});

test('4406: a client without graphql-transport-ws', async () => {
  assert.deepEqual(await closing([], { protocols: [] }), { code: 4406, reason: 'Subprotocol not acceptable' });
});

test('4408: no connection_init in time', async (t) => {
  const strict = await Atrium.start(t, ['graphql.web_socket.init=50ms']);
  assert.deepEqual(await closing([{ type: 'ping' }], { target: strict }), {
    code: 4408,
    reason: 'Connection initialisation timeout',
  }); // style: as is
});

test('4409: an identifier that is in use', async () => {
  assert.deepEqual(await closing([init, subscribe('twice'), subscribe('twice')]), {
    code: 4409,
    reason: 'Subscriber for twice already exists',
  });
});

test('4429: a second connection_init', async () => {
  assert.deepEqual(await closing([init, init]), { code: 4429, reason: 'Too many initialisation requests' }); // style: as is
});

test('operations beyond the limit are refused, and the connection stays open', async (t) => {
  const narrow = await Atrium.start(t, ['graphql.web_socket.operations=2']);
  const client = createClient({ url: narrow.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  atEndOf(t, () => client.dispose());
  const inboxes = [1, 2, 3].map(() => collect(client, orderCreated));
  await inboxes[2].ended();
  assert.match(inboxes[2].error[0].message, /2 operations/);
  inboxes[0].stop();
  const another = collect(client, '{ __typename }');
  await another.ended();
  assert.deepEqual(another.items, [{ data: { __typename: 'Query' } }]);
});

test('1001: the server shuts down and ends with status 0', async (t) => {
  const stopping = await Atrium.start(t);
  await stopping.addUser('ann');
  let closed;
  const client = createClient({
    url: stopping.webSocketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: { closed: (event) => (closed = { code: event.code, reason: event.reason }) },
  });
  const inbox = collect(client, orderCreated);
  await expectBegun(stopping, inbox, 'ann');
  await stopping.stop(); // checks the status
  await eventually(() => closed, 'the close');
  assert.deepEqual(closed, { code: 1001, reason: 'the server is shutting down' });
});
