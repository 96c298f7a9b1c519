// Tests subscribers that do not read what the server sends them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import WebSocket from 'ws';

import { Atrium, atEndOf, eventually, inParallel, isSanitized } from './atrium.mjs';

const product = '\u{1f375}'.repeat(100); // 400 bytes
const subscription = 'subscription { events(after: 0) { seq topic data } }';

// With sanitizers there are fewer orders, but their events still fill the system's buffers many times.
const scaled = (orders) => (isSanitized ? orders / 10 : orders);

const publish = (server, count) => inParallel(count, 32, () => server.addOrder('ann', product));

/** Starts a server and publishes so many events that its caches and pools have reached their final size. */
async function startBusy(t, settings) {
  const server = await Atrium.start(t, settings);
  await server.addUser('ann');
  await publish(server, 2000);
  return server;
}

/**
 * Publishes events while `subscriptions` subscriptions are not read. Memory must not grow with the number of events.
 * `memoryBefore` is the memory before the subscriptions began, in bytes.
 */
async function assertMemoryBounded(t, server, { memoryBefore, orders, subscriptions }) {
  let peak = 0;
  for (let part = 0; part < 4; ++part) {
    await publish(server, orders / 4);
    peak = Math.max(peak, server.residentMemory());
  }
  const unreadBytes = orders * subscriptions * Buffer.byteLength(product);
  t.diagnostic(`before ${memoryBefore >> 20} MiB, peak ${peak >> 20} MiB; more than ${unreadBytes >> 20} MiB of events`);
  if (!isSanitized) assert.ok(peak - memoryBefore < unreadBytes / 2, `memory grew from ${memoryBefore} to ${peak} bytes`);
}

test('a WebSocket whose client does not read is closed with 1013, and the memory of the server stays bounded', async (t) => {
  const orders = scaled(20_000);
  const subscriptions = 10;
  // The other limits are so long that they do not end the connection first on a busy machine.
  const limits = ['graphql.web_socket.slow_reader=1s', 'http.web_socket.close=5m', 'http.deadlines.write=5m'];
  const server = await startBusy(t, limits);
  const memoryBefore = server.residentMemory();

  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
  atEndOf(t, () => socket.terminate());
  let closed;
  socket.on('close', (code, reason) => (closed = { code, reason: reason.toString() }));
  let received = 0;
  socket.on('message', () => {
    received += 1;
    if (received === subscriptions + 2) socket.pause(); // early, because reading makes the system's buffers grow
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  for (let id = 1; id <= subscriptions; ++id)
    socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: subscription } }));
  await eventually(() => socket.isPaused, 'the first events');

  await assertMemoryBounded(t, server, { memoryBefore, orders, subscriptions });
  await setTimeout(5_000); // five times `slow_reader`: no metric shows whether this limit has passed
  socket.resume();
  await eventually(() => closed, 'the end of the connection');
  assert.deepEqual(closed, { code: 1013, reason: 'messages were not read in time' });
  assert.ok(received < orders * subscriptions, 'the socket must be closed before it has received everything');
});

test('event streams whose clients do not read are cut off, and the memory of the server stays bounded', async (t) => {
  const orders = scaled(8_000);
  const subscriptions = 25;
  const server = await startBusy(t, ['http.deadlines.write=1s']);
  const memoryBefore = server.residentMemory();

  const open = async () => {
    const request = http.get(`${server.url}?query=${encodeURIComponent(subscription)}`, {
      headers: { Accept: 'text/event-stream' },
    });
    const [answer] = await once(request, 'response');
    const end = new Promise((resolve) => {
      request.on('error', resolve);
      answer.on('error', resolve).on('end', () => resolve('a whole response'));
    });
    return { answer, end };
  };
  const unreadStreams = await Promise.all(Array.from({ length: subscriptions }, open));

  await assertMemoryBounded(t, server, { memoryBefore, orders, subscriptions });
  await eventually(async () => (await server.metric('atrium_http_streams')) === 0, 'the end of all streams');
  for (const { answer } of unreadStreams) answer.resume();
  for (const end of await Promise.all(unreadStreams.map((each) => each.end))) assert.equal(end.code, 'ECONNRESET');
});
