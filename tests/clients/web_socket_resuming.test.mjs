// Tests clients that continue after the last `seq` that they have received. They miss no event, and get no event twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Atrium, atEndOf, eventually, inParallel } from './atrium.mjs';
import { collect } from './subscriptions.mjs';

const follow = 'subscription ($after: ID) { events(after: $after) { seq id topic data } }';

/**
 * Follows the events after the last one in `seen` on a new connection. `leave` cuts the connection and adds the events that it
 * has received to `seen`.
 */
function watch(server, seen) {
  let socket;
  const client = createClient({
    url: server.webSocketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazyCloseTimeout: 0,
    on: { opened: (opened) => (socket = opened) },
  });
  const inbox = collect(client, follow, { after: seen.at(-1)?.seq ?? '0' });
  const received = () => inbox.items.map((each) => each.data.events);
  return {
    count: () => inbox.items.length,
    leave: async () => {
      socket.terminate();
      await inbox.awaitEnd();
      seen.push(...received());
    },
  };
}

test('across reconnects and restarts of the server, every event arrives exactly once', async (t) => {
  const server = await Atrium.start(t);
  await server.addUser('ann');
  const seen = [];
  let placed = 0;
  const place = (count) => inParallel(count, 8, async () => server.addOrder('ann', `order ${++placed}`));

  for (let round = 0; round < 6; ++round) {
    const watching = watch(server, seen);
    const placing = place(100);
    await eventually(() => watching.count() >= 1 + 30 * (round % 4), 'some events');
    await watching.leave();
    await placing;
    if (round % 2 === 1) await server.restart();
  }

  const last = watch(server, seen);
  const created = (events) => events.filter((each) => each.topic === 'orders.order_created');
  await eventually(async () => last.count() + seen.length >= placed, 'the rest');
  const { id } = await server.addOrder('ann', 'the last');
  const total = placed + 1;
  await eventually(() => last.count() + seen.length >= total + 1, 'the last');
  await last.leave();

  const orders = created(seen);
  assert.equal(orders.length, total);
  assert.equal(new Set(orders.map((each) => each.data.order_id)).size, total);
  assert.equal(String(orders.at(-1).data.order_id), String(id));
  assert.equal(new Set(seen.map((each) => each.id)).size, seen.length);
  assert.deepEqual(seen.map((each) => Number(each.seq)), seen.map((_, i) => i + 1)); // the journal has no gaps
});

test('a subscription that starts after an event that does not exist yet is refused', async (t) => {
  const server = await Atrium.start(t);
  const client = createClient({ url: server.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  atEndOf(t, () => client.dispose());
  const inbox = collect(client, follow, { after: '1000' });
  await inbox.awaitEnd();
  assert.match(inbox.error[0].message, /no event 1000 yet/);
});
