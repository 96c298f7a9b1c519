// Tests the codes with which the server closes a WebSocket: those of the graphql-transport-ws protocol, and the one for a
// shutdown.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, atEndOf, eventually } from './atrium.mjs';
import { collect, expectBegun, orderCreated } from './subscriptions.mjs';

const server = Atrium.forAllTests();

/** Sends these messages and returns the code and the reason with which the server then closes the connection. */
async function closeWith(messages, { target = server, protocols = 'graphql-transport-ws' } = {}) {
  const socket = new WebSocket(target.webSocketUrl, protocols);
  const closed = once(socket, 'close');
  await once(socket, 'open');
  for (const each of messages) socket.send(typeof each === 'string' ? each : JSON.stringify(each));
  const [code, reason] = await closed;
  return { code, reason: reason.toString() };
}

const init = { type: 'connection_init' };
const subscribe = (id) => ({ id, type: 'subscribe', payload: { query: 'subscription { events { seq } }' } });

for (const [mistake, message] of [
  ['is not JSON', 'hello'],
  ['is not an object', '[]'],
  ['has no type', { id: '1' }],
  ['has an unknown type', { type: 'start' }],
  ['has a payload that is not an object', { type: 'ping', payload: 'x' }],
  ['is a subscribe without id', { type: 'subscribe', payload: { query: '{ __typename }' } }],
  ['is a subscribe with an empty id', { ...subscribe(''), id: '' }],
  ['is a subscribe without payload', { type: 'subscribe', id: '1' }],
  ['is a subscribe without query', { type: 'subscribe', id: '1', payload: {} }],
  ['is a complete without id', { type: 'complete' }],
]) {
  test(`a message that ${mistake} closes the connection with 4400`, async () => {
    const { code, reason } = await closeWith([init, message]);
    assert.equal(code, 4400);
    assert.notEqual(reason, '');
  });
}

test('a subscribe message before connection_init closes the connection with 4401', async () => {
  assert.deepEqual(await closeWith([subscribe('1')]), { code: 4401, reason: 'Unauthorized' });
});

test('the connection of a client that does not offer graphql-transport-ws is closed with 4406', async () => {
  assert.deepEqual(await closeWith([], { protocols: [] }), { code: 4406, reason: 'Subprotocol not acceptable' });
});

test('the connection of a client that does not send connection_init in time is closed with 4408', async (t) => {
  const strict = await Atrium.start(t, ['graphql.web_socket.init=50ms']);
  assert.deepEqual(await closeWith([{ type: 'ping' }], { target: strict }), {
    code: 4408,
    reason: 'Connection initialisation timeout', // style: as is
  });
});

test('a subscribe message with an id that is in use closes the connection with 4409', async () => {
  assert.deepEqual(await closeWith([init, subscribe('twice'), subscribe('twice')]), {
    code: 4409,
    reason: 'Subscriber for twice already exists',
  });
});

test('a second connection_init closes the connection with 4429', async () => {
  assert.deepEqual(await closeWith([init, init]), { code: 4429, reason: 'Too many initialisation requests' }); // style: as is
});

test('operations beyond the limit of a connection are refused, and the connection stays open', async (t) => {
  const narrow = await Atrium.start(t, ['graphql.web_socket.operations=2']);
  const client = createClient({ url: narrow.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  atEndOf(t, () => client.dispose());
  const inboxes = [1, 2, 3].map(() => collect(client, orderCreated));
  await inboxes[2].awaitEnd();
  assert.match(inboxes[2].error[0].message, /2 operations/);
  inboxes[0].stop();
  const another = collect(client, '{ __typename }');
  await another.awaitEnd();
  assert.deepEqual(another.items, [{ data: { __typename: 'Query' } }]);
});

test('a shutdown closes the connection with 1001, and the server ends with status 0', async (t) => {
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
