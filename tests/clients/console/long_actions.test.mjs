// Tests an action that takes longer than the server lets a request wait: its progress, and cancelling it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Atrium, Console, button, dialog, eventually } from './console.mjs';
import { inParallel } from '../atrium.mjs';

const count = 6000;
const server = Atrium.forAll(async (each) => {
  await each.addUser('ann');
  await inParallel(count, 32, (i) => each.addOrder('ann', `tea ${i}`));
});
const console = Console.forAll();

test('a long replay shows its progress and can be cancelled, and what was done remains done', async (t) => {
  // The browser gets the response of a long action. The server does the action, whose progress is real.
  const page = await console.open(t, server, '/console/events/subscriptions/users.order_statistics');
  await button(page, 'Replay…').click();
  await dialog(page).getByText('6,000 events match.').waitFor();
  await button(dialog(page), 'Replay 6,000').click();
  const cancel = button(dialog(page), 'Cancel the action');
  const end = dialog(page).getByText('Replayed 6,000 of 6,000 events');
  await cancel.or(end).first().waitFor();
  if (await cancel.count()) await cancel.click({ timeout: 1000 }).catch(() => {});
  const operation = await eventually(async () => {
    const [latest] = (await server.request('GET', '/events/operations')).json();
    return latest.state !== 'running' && latest;
  }, 'the end of the action');
  assert.ok(operation.done <= count);
  await page.getByText(operation.state === 'cancelled' ? 'It was cancelled.' : 'Replayed 6,000').waitFor();
});
