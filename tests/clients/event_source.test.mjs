// Tests subscriptions that a browser follows with EventSource, which reconnects with the id of the last event.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Atrium, atEndOf, eventually, patience } from './atrium.mjs';

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: patience,
  });
});
after(() => browser?.close());

const address = (server, query) => `${server.url}?query=${encodeURIComponent(query)}`;

/** Opens an EventSource on a page of the server. */
async function follow(t, server, query) {
  const context = await browser.newContext();
  atEndOf(t, () => context.close());
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const source = { requests: [], statuses: [] };
  await page.goto(`${server.origin}/livez`);
  page.on('request', (each) => source.requests.push(each));
  page.on('response', (each) => source.statuses.push(each.status()));
  await page.evaluate(
    (url) => {
      globalThis.seen = [];
      globalThis.source = new EventSource(url);
      for (const type of ['next', 'complete'])
        source.addEventListener(type, ({ data, lastEventId }) =>
          seen.push({ type, id: lastEventId, data: data && JSON.parse(data) }),
        );
    },
    address(server, query),
  );
  source.seen = () => page.evaluate(() => globalThis.seen);
  source.isOpen = () => page.evaluate(() => source.readyState === EventSource.OPEN);
  source.isClosed = () => page.evaluate(() => source.readyState === EventSource.CLOSED);
  return source;
}

/** Waits for at least `count` events and returns all that have arrived. */
async function awaitEvents(source, count) {
  await eventually(async () => (await source.seen()).length >= count, `${count} events`);
  return source.seen();
}

test('an EventSource gets each event exactly once, even if the server is restarted between two events', async (t) => {
  const server = await Atrium.start(t);
  await server.addUser('ann');
  await server.addOrder('ann', 'before');
  const source = await follow(t, server, 'subscription { events(topic: "orders.*", after: 0) { seq topic data } }');
  await server.addOrder('ann', 'meanwhile');
  await awaitEvents(source, 2);
  await server.restartInPlace();
  await server.addOrder('ann', 'after');
  const seen = await awaitEvents(source, 3);
  const events = seen.map((each) => each.data.data.events);
  assert.deepEqual(events.map((each) => each.data.product_name), ['before', 'meanwhile', 'after']);
  assert.deepEqual(seen.map((each) => each.id), events.map((each) => each.seq));
  assert.deepEqual(source.statuses, [200, 200]);
});

test('an EventSource gets all events after a restart of the server, even if it has received none before', async (t) => {
  const server = await Atrium.start(t);
  await server.addUser('ann');
  const source = await follow(t, server, 'subscription { orderCreated { productName } }');
  await eventually(source.isOpen, 'an open source');
  await server.restartInPlace();
  await server.addOrder('ann', 'tea'); // before the source reconnects, which takes seconds
  await server.addOrder('ann', 'cups');
  const seen = await awaitEvents(source, 2);
  assert.deepEqual(seen.map((each) => each.data.data.orderCreated.productName), ['tea', 'cups']);
});

for (const [mistake, query] of [
  ['has a syntax error', 'subscription {'],
  ['selects an unknown field', 'subscription { nothing }'],
  ['has an argument `after` that is not a seq', 'subscription { events(after: "x") { seq } }'],
  ['starts after an event that does not exist yet', 'subscription { events(after: 1000) { seq } }'],
])
  test(`an EventSource stops if its subscription ${mistake}`, async (t) => {
    const server = await Atrium.start(t);
    const source = await follow(t, server, query);
    await eventually(source.isClosed, 'the end of the source');
    assert.deepEqual(source.statuses, [400]);
  });

test('an EventSource gets the response to a query only once, and stops after it has reconnected once', async (t) => {
  const server = await Atrium.start(t);
  const source = await follow(t, server, '{ __typename }');
  await eventually(source.isClosed, 'the end of the source');
  assert.deepEqual(
    (await source.seen()).map(({ type, data }) => [type, data]),
    [
      ['next', { data: { __typename: 'Query' } }],
      ['complete', ''],
    ],
  );
  assert.equal(source.requests.length, 2);
});
