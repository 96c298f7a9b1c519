// Tests the page of the latest requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, button, readColumn, eventually, expectColumn, link, table } from './console.mjs';

const server = Server.forAllTests((each) => each.addUser('ann'));
const console = Console.forAllTests();

const list = 'Requests, newest first';

test('a new request appears without a reload, with its target and status', async (t) => {
  const page = await console.open(t, server, '/console/requests?route=/users/{id}');
  await page.getByText('No requests match.').waitFor();
  await server.request('GET', '/users/1');
  await expectColumn(page, list, 'Target', ['/users/1']);
  await expectColumn(page, list, 'Status', ['200']);
});

test('the filters of the list of requests are part of its address', async (t) => {
  await server.request('GET', '/users/999');
  const page = await console.open(t, server, '/console/requests');
  await page.getByLabel('Status').fill('404');
  await eventually(() => new URL(page.url()).search === '?status=404', 'the address');
  const targets = () => readColumn(page, list, 'Target');
  await eventually(async () => (await targets()).every((each) => each === '/users/999'), 'only failures');
  await page.getByLabel('Method').selectOption('POST');
  await page.getByText('No requests match.').waitFor();
});

test('a request has links to the events that it has caused, and an event has a link to its request', async (t) => {
  const order = await server.addOrder('ann', 'traced tea');
  const page = await console.open(t, server.orders, '/console/requests?method=POST&route=/orders/');
  await page.getByRole('button', { name: 'Details of POST /orders/' }).first().click();
  await expectColumn(page, 'Events of this request', 'Key', [`order/${order.id}`]);
  await table(page, 'Events of this request').getByRole('link').first().click();
  await page.locator('.timeline').getByRole('link').first().click();
  await expectColumn(page, list, 'Target', ['/orders/']);
});

test("the console's own requests are hidden until the user shows them", async (t) => {
  const isOwn = (target) => target.startsWith('/console/') || target === '/openapi.json';
  const page = await console.open(t, server, '/console/requests');
  await server.request('GET', '/users/?username=visible');
  await page.getByText('/users/?username=visible').first().waitFor();
  assert.deepEqual((await readColumn(page, list, 'Target')).filter(isOwn), []);
  await page.getByLabel('Hide requests of the console').uncheck();
  await eventually(async () => (await readColumn(page, list, 'Target')).some(isOwn), 'the requests of the console');
  assert.equal(new URL(page.url()).search, '?console=true');
  await page.reload();
  await eventually(async () => (await readColumn(page, list, 'Target')).some(isOwn), 'the same after a reload');
});

test('while a request is selected, new requests do not move the list', async (t) => {
  const page = await console.open(t, server, '/console/requests');
  await page
    .getByRole('button', { name: /Details of/ })
    .first()
    .click();
  await page.locator('main .status').getByText('Paused').waitFor();
  await server.request('GET', '/users/?username=held');
  await page.waitForTimeout(3000); // longer than the time between two reads
  assert.equal(await page.getByText('/users/?username=held').count(), 0);
  await button(page, 'Continue').click();
  await page.getByText('/users/?username=held').first().waitFor();
});
