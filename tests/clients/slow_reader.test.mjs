// Subscribers that do not read.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import WebSocket from 'ws';

import { Atrium, eventually, inParallel, isSanitized } from './atrium.mjs';

const product = '\u{1f375}'.repeat(100); // 400 bytes
const subscription = 'subscription { events(after: 0) { seq topic data } }';

// Even the smaller number of events fills the system's buffers many times.
const upTo = (orders) => (isSanitized ? orders / 10 : orders);

const publish = (server, count) => inParallel(count, 32, () => server.addOrder('ann', product));

/** Starts a server whose caches and pools have reached their size. */
async function startBusy(t, settings) {
  const server = await Atrium.start(t, settings);
  await server.addUser('ann');
  await publish(server, 2000);
  return server;
}

/** Publishes events for `subscriptions` that are not read; memory must not grow with the number of events. */
async function assertBounded(t, server, { before, orders, subscriptions }) {
  let peak = 0;
  for (let part = 0; part < 4; ++part) {
    await publish(server, orders / 4);
    peak = Math.max(peak, server.residentMemory());
  }
  const untold = orders * subscriptions * Buffer.byteLength(product);
  t.diagnostic(`before ${before >> 20} MiB, peak ${peak >> 20} MiB; more than ${untold >> 20} MiB of events`);
  if (!isSanitized) assert.ok(peak - before < untold / 2, `grew from ${before} to ${peak} bytes`);
}

test('a WebSocket that is not read is closed with 1013, and memory stays bounded', async (t) => {
  const orders = upTo(20_000);
  const subscriptions = 10;
  const server = await startBusy(t, ['graphql.web_socket.slow_reader=1s', 'http.web_socket.close=1m']);
  const before = server.residentMemory();

  const socket = new WebSocket(server.webSocketUrl, 'graphql-transport-ws');
  t.after(() => socket.terminate());
  let closed;
  socket.on('close', (code, reason) => (closed = { code, reason: reason.toString() }));
  let heard = 0;
  socket.on('message', () => {
    heard += 1;
    if (heard === subscriptions + 2) socket.pause(); // early: the system's buffers grow for clients that read
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  for (let id = 1; id <= subscriptions; ++id)
    socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: subscription } }));
  await eventually(() => socket.isPaused, 'the first events');

  await assertBounded(t, server, { before, orders, subscriptions });
  await setTimeout(5_000); // five times the limit `slow_reader`: no metric shows how much of it is left
  socket.resume();
  await eventually(() => closed, 'the end of the connection');
  assert.deepEqual(closed, { code: 1013, reason: 'messages were not read in time' });
  assert.ok(heard < orders * subscriptions, 'the socket must be closed before it has received everything');
});

test('event streams that are not read are cut off, and memory stays bounded', async (t) => {
  const orders = upTo(8_000);
  const subscriptions = 25;
  const server = await startBusy(t, ['http.deadlines.write=1s']);
  const before = server.residentMemory();

  const open = async () => {
    const request = http.get(`${server.url}?query=${encodeURIComponent(subscription)}`, {
      headers: { Accept: 'text/event-stream' },
    });
    const [answer] = await once(request, 'response');
    const end = new Promise((resolve) => {
      request.on('error', resolve);
      answer.on('error', resolve).on('end', () => resolve('a whole answer'));
    });
    return { answer, end };
  };
  const stuck = await Promise.all(Array.from({ length: subscriptions }, open));

  await assertBounded(t, server, { before, orders, subscriptions });
  await eventually(async () => (await server.metric('atrium_http_streams')) === 0, 'the end of all streams');
  for (const { answer } of stuck) answer.resume();
  for (const end of await Promise.all(stuck.map((each) => each.end))) assert.equal(end.code, 'ECONNRESET');
});
