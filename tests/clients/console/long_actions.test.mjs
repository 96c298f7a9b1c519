// Tests an action that takes longer than a request may wait: its progress, and cancelling it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, addEvents, button, dialog, expectColumn } from './console.mjs';

const count = 300_000;
const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  addEvents(each, count);
});
const console = Console.forAllTests();

const list = 'Actions on many events, newest first';

test('a long replay shows its progress, and can be cancelled before all events are replayed', async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions/users.order_statistics');
  await button(page, 'Replay…').click();
  await dialog(page).getByText('300,000 events match. Nothing is changed yet.').waitFor();
  await button(dialog(page), 'Replay 300,000').click();
  await dialog(page)
    .getByText(/^Replayed [\d,]+ of 300,000 events$/)
    .waitFor();
  await button(dialog(page), 'Cancel the action').click();
  await dialog(page).getByText('It was cancelled.').waitFor();
  const [operation] = (await server.request('GET', '/events/operations')).json();
  assert.equal(operation.state, 'cancelled');
  assert.ok(operation.done > 0 && operation.done < count, String(operation.done));
  await page.goto('/console/events/operations');
  await expectColumn(page, list, 'State', ['cancelled']);
});

test('a long action continues after its dialog is closed, and can be cancelled in the list of actions', async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions/users.order_statistics');
  await button(page, 'Replay…').click();
  await dialog(page)
    .getByRole('button', { name: /^Replay [\d,]+$/ })
    .click();
  await dialog(page)
    .getByText(/^Replayed [\d,]+ of/)
    .waitFor();
  await button(dialog(page).locator('footer'), 'Close').click();
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('button', { name: /^Cancel action \d+$/ }).click();
  await page.getByText('was cancelled; what it has done remains done').waitFor();
  await expectColumn(page, list, 'State', ['cancelled', 'cancelled']);
});
