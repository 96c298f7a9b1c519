// Tests the live event log, the page of one event, and publishing.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Console,
  Server,
  button,
  dialog,
  eventually,
  expectColumn,
  awaitPage,
  link,
  table,
  takePicture,
} from './console.mjs';

const server = Server.forAllTests((each) => each.addUser('ann'));
const console = Console.forAllTests();

const log = 'Events, newest first';
const awaitLive = (page) => page.locator('main .status').getByText('Live').waitFor();

/** The seq of the event about this order in the journal of one process. */
async function seqOf(process, order) {
  const target = `/events/?key=order/${order.id}`;
  const [event] = await eventually(async () => {
    const found = (await process.request('GET', target)).json();
    return found.length > 0 && found;
  }, 'the event');
  return event.seq;
}

test('a new event appears in the event log without a reload', async (t) => {
  const page = await console.open(t, server.orders, '/console/events');
  await awaitLive(page);
  const order = await server.addOrder('ann', 'live tea');
  await link(table(page, log), `order/${order.id}`).waitFor();
  await takePicture(page, 'events');
});

test('the filters of the event log are part of its address, and apply to new events', async (t) => {
  const page = await console.open(t, server, '/console/events');
  await page.getByLabel('Topic').fill('users.*');
  await eventually(() => new URL(page.url()).searchParams.get('topic') === 'users.*', 'the address');
  await awaitLive(page);
  await server.addOrder('ann', 'filtered tea');
  const { id } = await server.addUser('berta');
  await link(table(page, log), `user/${id}`).waitFor();
  assert.equal(await table(page, log).getByText('orders.order_created').count(), 0);
  await page.goto(`/console/events?key=user/${id}`);
  await expectColumn(page, log, 'Topic', ['users.user_created']);
  assert.equal(await page.getByLabel('Key').inputValue(), `user/${id}`);
});

test('while an event is selected, its data are shown, and new events do not move the list', async (t) => {
  const page = await console.open(t, server, '/console/events');
  await awaitLive(page);
  const rows = await table(page, log).locator('[data-row]').count();
  await page
    .getByRole('button', { name: /^Details of event/ })
    .first()
    .click();
  await page
    .getByRole('group', { name: /^Event \d+$/ })
    .getByText('"specversion"')
    .waitFor();
  await page.locator('main .status').getByText('Paused').waitFor();
  await server.addOrder('ann', 'held tea');
  await page.getByRole('button', { name: /^Show \d new event/ }).waitFor();
  assert.equal(await table(page, log).locator('[data-row]').count(), rows);
  await page.getByRole('button', { name: /^Show \d new event/ }).click();
  await table(page, log).getByText('held tea').waitFor();
});

test('the event log ends its stream while the tab is hidden, and misses no event', async (t) => {
  const page = await console.open(t, server, '/console/events');
  await awaitLive(page);
  const hide = (isHidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await hide(true);
  await eventually(async () => (await server.users.metric('atrium_http_streams')) === 0, 'the end of the stream');
  await server.addOrder('ann', 'unseen tea');
  assert.equal(await table(page, log).getByText('unseen tea').count(), 0);
  await hide(false);
  await table(page, log).getByText('unseen tea').waitFor();
});

test('the journey of an event has links to its request, its subscriptions and its entity', async (t) => {
  const order = await server.addOrder('ann', 'travelling tea'); // style: as is
  const seq = await seqOf(server.orders, order);
  const page = await console.open(t, server.orders, `/console/events/${seq}`);
  await awaitPage(page, `Event ${seq}`);
  const steps = page.locator('.timeline');
  await steps.getByText('handled', { exact: true }).waitFor();
  await link(steps, 'users.order_statistics').waitFor();
  assert.match(await steps.getByRole('link').first().getAttribute('href'), /^\/console\/requests\?request_id=/);
  await link(steps, `order/${order.id}`).click();
  await awaitPage(page, `Order ${order.id}`);
});

test('a replay from the journey of an event shows the number of matching events before it begins', async (t) => {
  const order = await server.addOrder('ann', 'replayed tea');
  const page = await console.open(t, server.users, `/console/events/${await seqOf(server.users, order)}`);
  await button(page, 'Replay to users.order_statistics').click();
  await dialog(page).getByText('1 event matches. Nothing is changed yet.').waitFor();
  await dialog(page).getByLabel('Reason').fill('a test');
  await button(dialog(page), 'Replay 1').click();
  await dialog(page).getByText('Replayed 1 of 1 event').waitFor();
  const [operation] = (await server.request('GET', '/events/operations')).json();
  assert.equal(operation.reason, 'a test');
  await button(dialog(page).locator('footer'), 'Close').click();
  await page.goto('/console/events/operations');
  await expectColumn(page, 'Actions on many events, newest first', 'Reason', ['a test']);
});

test('errors in an event that is published by hand are explained, and the corrected event is published', async (t) => {
  const page = await console.open(t, server, '/console/events/publish', { statuses: [422] });
  await page.getByLabel('Topic').fill('orders.order_created');
  await page.getByLabel('Data').fill('{"order_id":');
  await page.getByText('This is not JSON').waitFor();
  await page.getByLabel('Data').fill('{"order_id": 4711}');
  await button(page, 'Publish this event…').click();
  await button(dialog(page), 'Publish').click();
  await page.getByRole('alert').getByText('data.user_id').waitFor();
  const data = { order_id: 4711, user_id: 1, user: 'ann', product_name: 'tea', quantity: 1, status: 'placed', revision: 1 };
  await page.getByLabel('Data').fill(JSON.stringify(data));
  await button(page, 'Publish this event…').click();
  await dialog(page).getByText('Publish orders.order_created?').waitFor();
  await button(dialog(page), 'Cancel').click();
  assert.deepEqual((await server.request('GET', '/events/?key=order/4711')).json(), []);
  await button(page, 'Publish this event…').click();
  await button(dialog(page), 'Publish').click();
  await awaitPage(page, /^Event \d+$/);
  await page.getByText('order/4711').first().waitFor();
});

test('when a known topic is entered, the form for publishing fills in the fields of the event data', async (t) => {
  const page = await console.open(t, server, '/console/events/publish');
  await page.getByLabel('Topic').fill('users.user_created');
  await eventually(async () => /"username"/.test(await page.getByLabel('Data').inputValue()), 'the fields of the topic');
});
