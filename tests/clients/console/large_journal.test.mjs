// Tests the console with more events than the server examines for one request.
import { test } from 'node:test';

import { Console, Server, addEvents, button, expectColumn, link, table } from './console.mjs';

const day = 86_400;
const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  addEvents(each, 30_000, day);
  await each.addUser('bob');
});
const console = Console.forAllTests();

const list = 'Events, newest first';

test('a filter finds events that are far from the newest ones', async (t) => {
  const page = await console.open(t, server, '/console/events?key=user/1');
  await expectColumn(page, list, 'Key', ['user/1']);
});

test('if no event matches a filter, the search ends, and the event log reports that no events match', async (t) => {
  const page = await console.open(t, server, '/console/events?key=absent/1');
  await page.getByText('No events match.').waitFor();
});

test('a filter finds older events although many events in between do not match', async (t) => {
  const page = await console.open(t, server, '/console/events?topic=users.user_created');
  await expectColumn(page, list, 'Key', ['user/2']);
  await button(page, 'Load older events').click();
  await expectColumn(page, list, 'Key', ['user/2', 'user/1']);
});

test('between the events that are shown and the older events that are loaded, no event is missing', async (t) => {
  const page = await console.open(t, server, '/console/events?until=2100-01-01T00:00:00Z');
  await button(page, 'Load older events').click();
  await page.getByText('100 events shown').waitFor();
  const newest = 30_002; // ann, the added events, bob
  const seqs = Array.from({ length: 100 }, (_, index) => String(newest - index));
  await expectColumn(page, list, 'Seq', seqs);
});

test('the page of an entity that has only old events links to a search that finds them', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/1');
  await page.getByText('None of the newest events is about user/1.').waitFor();
  await link(page, 'Search all events').click();
  await expectColumn(page, list, 'Key', ['user/1']);
});

test('the details of a request show its events, although the journal has many older events', async (t) => {
  const order = await server.addOrder('ann', 'late tea');
  const page = await console.open(t, server, '/console/requests?method=POST&route=/orders/');
  await page.getByRole('button', { name: 'Details of POST /orders/' }).first().click();
  await table(page, 'Events of this request').waitFor();
  await expectColumn(page, 'Events of this request', 'Key', [`order/${order.id}`]);
});
