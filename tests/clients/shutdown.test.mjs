// A planned restart in the middle of a mutation: clients reconnect, and the mutation runs exactly once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { createClient as createEventsClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, eventually } from './atrium.mjs';
import { collect } from './subscriptions.mjs';

const orders = 200;
const fields = Array.from(
  { length: orders },
  (_, k) => `a${k}: createOrder(input: {username: "ann", productName: "tea"}) { id }`,
);
const mutation = `mutation { ${fields.join(' ')} }`;

const allowed = ['aliases', 'root_fields'].map((limit) => `graphql.${limit}=${orders}`);
const retryAttempts = 1000;
const soon = () => setTimeout(20);
const patient = ['graphql.time=1m', 'shutdown.deadline=1m'];

// Evaluated before each connection: after the restart the address is another one.
const clients = {
  'server-sent events': (server) => createEventsClient({ url: () => server.url, retryAttempts, retry: soon }),
  'a WebSocket': (server) =>
    createWebSocketClient({
      url: () => server.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts,
      retryWait: soon,
      shouldRetry: () => true,
    }),
};

for (const [way, connect] of Object.entries(clients)) {
  test(`a mutation by ${way} during a restart runs exactly once and is answered`, async (t) => {
    const server = await Atrium.start(t, [...allowed, ...patient]);
    await server.addUser('ann');
    const placed = async () => (await server.request('GET', '/users/1')).json().order_count;
    const client = connect(server);
    t.after(() => client.dispose());
    const inbox = collect(client, mutation);
    await eventually(placed, 'the first order');

    await server.restart();
    await inbox.ended();
    assert.equal(inbox.error, undefined);
    assert.equal(inbox.items.length, 1);
    assert.equal(Object.keys(inbox.items[0].data).length, orders);
    assert.equal(await placed(), orders);
  });
}
