// Tests a planned restart during a mutation: clients reconnect, and the mutation runs exactly once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { createClient as createEventsClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, atEndOf, eventually } from './atrium.mjs';
import { collect } from './subscriptions.mjs';

const orders = 200;
const fields = Array.from(
  { length: orders },
  (_, k) => `a${k}: createOrder(input: {username: "ann", productName: "tea"}) { id }`,
);
const mutation = `mutation { ${fields.join(' ')} }`;

const higherLimits = ['aliases', 'root_fields'].map((limit) => `graphql.${limit}=${orders}`);
const retryAttempts = 1000;
const shortPause = () => setTimeout(20);
const longDeadlines = ['graphql.time=1m', 'shutdown.deadline=1m'];

// The clients ask for the address before each connection, because the restart changes it.
const clients = {
  'server-sent events': (server) => createEventsClient({ url: () => server.url, retryAttempts, retry: shortPause }),
  'a WebSocket': (server) =>
    createWebSocketClient({
      url: () => server.webSocketUrl,
      webSocketImpl: WebSocket,
      retryAttempts,
      retryWait: shortPause,
      shouldRetry: () => true,
    }),
};

for (const [transport, connect] of Object.entries(clients)) {
  test(`a mutation by ${transport} during a restart runs exactly once, and the client gets its result`, async (t) => {
    const server = await Atrium.start(t, [...higherLimits, ...longDeadlines]);
    await server.addUser('ann');
    const placed = async () => (await server.request('GET', '/users/1')).json().order_count;
    const client = connect(server);
    atEndOf(t, () => client.dispose());
    const inbox = collect(client, mutation);
    await eventually(placed, 'the first order');

    await server.restart();
    await inbox.awaitEnd();
    assert.equal(inbox.error, undefined);
    assert.equal(inbox.items.length, 1);
    assert.equal(Object.keys(inbox.items[0].data).length, orders);
    assert.equal(await placed(), orders);
  });
}
