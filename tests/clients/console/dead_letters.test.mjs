// Tests the pages of dead letters, with a handler that really fails until the test repairs it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Server,
  Console,
  breakHandler,
  button,
  awaitDeadLetters,
  dialog,
  expectColumn,
  failure,
  awaitPage,
  impatient,
  link,
  repairHandler,
  table,
  takePicture,
} from './console.mjs';

const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  breakHandler(each);
  for (let i = 0; i < 6; i += 1) await each.addOrder('ann', `tea ${i}`);
  await awaitDeadLetters(each, 6);
}, impatient);
const console = Console.forAllTests();

const groups = 'Groups of dead letters';
const list = 'Dead letters';

test('dead letters are grouped by failure, and a group has a link to the list of its dead letters', async (t) => {
  const page = await console.open(t, server, '/console/events/dead-letters');
  await expectColumn(page, groups, 'Number', ['6']);
  await page.getByRole('navigation', { name: 'Events' }).getByText('6').waitFor();
  await takePicture(page, 'dead-letters');
  await table(page, groups)
    .getByRole('link', { name: /the mail service did not respond/ })
    .click();
  await expectColumn(page, list, 'Subscription', Array(6).fill('users.order_statistics'));
  assert.equal(new URL(page.url()).searchParams.get('view'), 'list');
});

test('the page of dead letters reports that none of them matches the filter', async (t) => {
  const page = await console.open(t, server, '/console/events/dead-letters?error=unheard');
  await page.getByText('No dead letters match.').waitFor();
});

test('a discard shows the number of dead letters beforehand, needs a reason, and moves them to the archive', async (t) => {
  const page = await console.open(t, server, '/console/events/dead-letters?view=list');
  const boxes = table(page, list).getByRole('checkbox');
  await boxes.first().click();
  await boxes.nth(1).click();
  await page.getByText('2 selected').waitFor();
  await button(page.locator('.selection'), 'Discard…').click();
  await dialog(page).getByText('2 dead letters match. Nothing is changed yet.').waitFor();
  assert.equal(await button(dialog(page), 'Discard 2').getAttribute('aria-disabled'), 'true');
  await dialog(page).getByLabel('Reason').fill('test orders');
  await button(dialog(page), 'Discard 2').click();
  await dialog(page).getByText('Discarded 2 of 2 dead letters').waitFor();
  await awaitDeadLetters(server, 4);
  await button(dialog(page).locator('footer'), 'Close').click();
  await link(page, 'Archive').click();
  await expectColumn(page, 'Archive of dead letters', 'Reason', ['test orders', 'test orders']);
});

test('a dead letter can be edited, and is then published as a corrected event', async (t) => {
  const [letter] = (await server.request('GET', '/events/dead-letters')).json();
  const page = await console.open(t, server, `/console/events/dead-letters/${letter.id}`, { statuses: [422] });
  await page.getByText(failure).first().waitFor();
  await button(page, 'Edit and retry…').click();
  const data = dialog(page).getByLabel('Data');
  await data.fill(JSON.stringify({ ...letter.event.data, quantity: 'many' }));
  await button(dialog(page), 'Publish the corrected event').click();
  await dialog(page).getByRole('listitem').getByText('must be an integer').waitFor();
  await data.fill(JSON.stringify({ ...letter.event.data, quantity: 3 }));
  await dialog(page).getByLabel('Reason').fill('the quantity was wrong');
  await button(dialog(page), 'Publish the corrected event').click();
  await awaitPage(page, /^Event \d+$/);
  await page.getByText(`corrected from dead letter ${letter.id}`).waitFor();
});

test('after a retry that fails, the page of the dead letter stays open and shows that it is dead again', async (t) => {
  await awaitDeadLetters(server, 4); // the corrected event has failed as well
  const [letter] = (await server.request('GET', '/events/dead-letters')).json();
  const page = await console.open(t, server, `/console/events/dead-letters/${letter.id}`);
  await button(page, 'Retry…').click();
  await dialog(page).getByText(`Retry the dead letter ${letter.id}. It is delivered again`).waitFor();
  await button(dialog(page), 'Retry 1').click();
  await page.getByRole('status').getByText('dead again').waitFor();
  assert.equal(new URL(page.url()).pathname, `/console/events/dead-letters/${letter.id}`);
  await button(page, 'Retry…').waitFor();
});

test('the dialog before a discard of a group names the error of the group', async (t) => {
  const page = await console.open(t, server, '/console/events/dead-letters');
  await button(table(page, groups), 'Discard…').click();
  await dialog(page)
    .getByText(/dead letters with the error “.*the mail service did not respond/)
    .waitFor();
});

test('after a retry that succeeds, the page of the dead letter shows that it is delivered', async (t) => {
  repairHandler(server);
  const [letter] = (await server.request('GET', '/events/dead-letters')).json();
  const page = await console.open(t, server, `/console/events/dead-letters/${letter.id}`);
  await button(page, 'Retry…').click();
  await button(dialog(page), 'Retry 1').click();
  await page.getByRole('status').getByText('delivered', { exact: true }).waitFor();
  assert.equal(await button(page, 'Retry…').count(), 0);
  breakHandler(server);
  await server.addOrder('ann', 'tea again');
  await awaitDeadLetters(server, 4);
});

test('once the cause of the failures is repaired, all dead letters can be retried together', async (t) => {
  await awaitDeadLetters(server, 4); // the corrected event has failed as well
  repairHandler(server);
  const page = await console.open(t, server, '/console/events/dead-letters');
  await button(page.locator('.section-head'), 'Retry…').click();
  await dialog(page).getByText('4 dead letters match. Nothing is changed yet.').waitFor();
  await dialog(page).getByLabel('Reason').fill('the mail service is back');
  await button(dialog(page), 'Retry 4').click();
  await dialog(page).getByText('Retried 4 of 4 dead letters').waitFor();
  await button(dialog(page).locator('footer'), 'Close').click();
  await page.getByText('There are no dead letters.').waitFor();
  await awaitDeadLetters(server, 0);
});
