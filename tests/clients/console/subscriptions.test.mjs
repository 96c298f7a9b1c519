// Tests the pages of subscriptions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, button, dialog, eventually, expectColumn, awaitPage, isSplit, link, table } from './console.mjs';

const name = 'users.order_statistics';
const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  await each.addOrder('ann', 'tea');
  await each.addOrder('ann', 'coffee');
});
const console = Console.forAllTests();

const isPaused = async () => (await server.request('GET', `/events/subscriptions/${name}`)).json().paused;

test('subscriptions are listed with their topics and their state', async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions');
  const outlets = isSplit ? ['events.relay'] : [];
  await expectColumn(page, 'Subscriptions', 'Subscription', [...outlets, 'orders.user_departure', 'orders.user_names', name]);
  const states = isSplit ? ['active', 'not handled here', 'not handled here', 'active'] : ['active', 'active', 'active'];
  await expectColumn(page, 'Subscriptions', 'State', states);
  await table(page, 'Subscriptions').getByText('orders.order_created orders.order_deleted').waitFor();
});

test('a subscription can be paused and resumed, and its events wait in the meantime', async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions');
  await button(page, `Pause ${name}`).click();
  await dialog(page).getByLabel('Reason').fill('maintenance');
  await button(dialog(page), 'Pause').click();
  await eventually(isPaused, 'the pause');
  await server.addOrder('ann', 'waiting tea');
  await link(page, name).click();
  await awaitPage(page, name);
  await page.locator('.figure', { hasText: 'Pending' }).locator('dd', { hasText: /^1/ }).waitFor();
  await button(page, `Resume ${name}`).click();
  await button(dialog(page), 'Resume').click();
  await eventually(async () => !(await isPaused()), 'the end of the pause');
  await page.locator('.verbs').getByText('active').waitFor();
});

test('a replay shows the exact number of events that match its filter before it begins', async (t) => {
  const page = await console.open(t, server, `/console/events/subscriptions/${name}`);
  await button(page, 'Replay…').click();
  await dialog(page).getByText('3 events match. Nothing is changed yet.').waitFor();
  await dialog(page).getByLabel('Topic').fill('orders.order_deleted');
  await dialog(page).getByText('0 events match. Nothing is changed yet.').waitFor();
  assert.equal(await button(dialog(page), 'Replay').getAttribute('aria-description'), 'No events match.');
  await dialog(page).getByLabel('Topic').fill('orders.order_created');
  await dialog(page).getByText('3 events match. Nothing is changed yet.').waitFor();
  await button(dialog(page), 'Replay 3').click();
  await dialog(page).getByText('Replayed 3 of 3 events').waitFor();
});

const skipWithBroker = { skip: isSplit && 'there is a broker' };
test('an action that needs a broker explains why it cannot be used without one', skipWithBroker, async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions');
  for (const each of ['Drain…', 'Send again…']) {
    await eventually(
      async () => /Only with a broker/.test(await button(page, each).getAttribute('aria-description')),
      'a reason',
    );
  }
});
