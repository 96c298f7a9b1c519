// Tests the smaller actions of all pages: copying, paging, filters on a phone, and the links from one page to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Console,
  Server,
  breakHandler,
  button,
  readColumn,
  awaitCopy,
  awaitDeadLetters,
  dialog,
  eventually,
  expectColumn,
  failure,
  awaitPage,
  impatient,
  link,
  runCommand,
  table,
} from './console.mjs';

const letters = 8;
const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  await each.addUser('bert');
  for (let i = 0; i < 55; i += 1) await each.addOrder('bert', 'tea', i + 1);
  await eventually(async () => (await each.request('GET', '/users/2')).json().order_count === 55, 'the orders in users');
  breakHandler(each);
  for (let i = 0; i < letters; i += 1) await each.addOrder('ann', `cup ${i}`);
  await awaitDeadLetters(each, letters);
}, impatient);
const console = Console.forAllTests();

const list = '/console/events/dead-letters?view=list';
const letterIds = async () => (await server.users.request('GET', '/events/dead-letters')).json().map(({ id }) => id);
const parametersOf = (page) => new URL(page.url()).searchParams;

/** Copies the curl command of the page, runs it, and returns what the server responds. */
async function runCopied(page, address, pattern) {
  await button(page, 'Copy as curl').first().click();
  return JSON.parse(await runCommand(server.processFor(address), await awaitCopy(page, pattern)));
}

test('the request for the data of a page can be copied as a curl command', async (t) => {
  for (const [address, title, pattern] of [
    ['/console/entities/orders/1', 'Order 1', /\/orders\/1'/],
    ['/console/events?topic=users.*', 'Events', /\/events\/\?topic=users/],
    ['/console/events/1', 'Event 1', /\/events\/1'/],
    ['/console/events/dead-letters?topic=orders.*', 'Dead letters', /\/events\/dead-letters\?topic=orders/],
    ['/console/requests?status=201', 'Requests', /\/console\/data\/requests\?status=201/],
  ]) {
    const page = await console.open(t, server, address);
    await awaitPage(page, title);
    const answer = await runCopied(page, address, pattern);
    assert.ok(Array.isArray(answer) ? answer.length > 0 : (answer.id ?? answer.seq), JSON.stringify(answer));
    await page.getByText('Copied', { exact: true }).waitFor();
    await button(page, 'Dismiss').click();
    await page.getByText('Copied', { exact: true }).waitFor({ state: 'detached' });
  }
});

test('the request for a change can be copied as a curl command before the request is sent', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/new');
  await page.getByLabel('Username').fill('clara');
  await page.getByLabel('Email').fill('clara@example.com');
  assert.match((await runCopied(page, '/users/', /clara@example/)).message, /created/);
  await link(page, 'Cancel').click();
  await awaitPage(page, 'Users');
  const order = await console.open(t, server, '/console/entities/orders/3');
  await button(order, 'Edit').click();
  await dialog(order).getByLabel('Quantity').fill('77');
  await button(dialog(order), 'Copy as curl').click();
  const changed = JSON.parse(await runCommand(server.orders, await awaitCopy(order, /PATCH.*"quantity":77/)));
  assert.equal(changed.quantity ?? changed.order.quantity, 77);
  await button(dialog(order), 'Cancel').click();
  await dialog(order).waitFor({ state: 'detached' });
});

async function publish(page) {
  await button(page, 'Publish this event…').click();
  await button(dialog(page), 'Publish').click();
}

test('an event that is published by hand has the values of the form, and so has the copied curl command', async (t) => {
  const page = await console.open(t, server.users, '/console/events/publish', { statuses: [422] });
  await page.getByLabel('Topic').fill('users.user_deleted');
  await page.getByLabel('Data').fill('{"user_id": 900, "username": "gone", "revision": 2}');
  await page.getByLabel('Priority').fill('11');
  await publish(page);
  await page.locator('.field.invalid').getByText('0 to 9').first().waitFor();
  await page.getByLabel('Priority').fill('7');
  await page.getByLabel('Key').fill('user/901');
  await page.getByLabel('Deliver at').fill('2090-01-01T00:00');
  await button(page, 'Copy as curl').click();
  const command = await awaitCopy(page, /deliver_at/);
  assert.match(command, /"key":"user\/901".*"priority":7/);
  await publish(page);
  await awaitPage(page, /^Event \d+$/);
  await page.getByText('priority 7').waitFor();
  await page.locator('.timeline').getByText('scheduled').first().waitFor();
  const copy = JSON.parse(await runCommand(server.users, command));
  assert.ok(copy.seq > 0);
});

test('the keys [ and ] turn the pages of a list', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders');
  await page.getByText('50 on this page').waitFor();
  await page.keyboard.press(']');
  await page.getByText('13 on this page').waitFor();
  await page.keyboard.press('[');
  await page.getByText('50 on this page').waitFor();
  assert.equal(parametersOf(page).get('after'), null);
});

test('the field Status filters the list of orders, and the button Reload reads the list again', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders?user=ann');
  await expectColumn(
    page,
    'Orders',
    'Product name',
    Array.from({ length: letters }, (_, i) => `cup ${i}`),
  );
  await page.getByLabel('Status').selectOption('cancelled');
  await page.getByText('No orders match.').waitFor();
  const [{ id }] = (await server.request('GET', '/orders/?user=ann')).json();
  const { status, text } = await server.request('PATCH', `/orders/${id}`, { status: 'cancelled' });
  assert.equal(status, 200, text);
  await button(page, 'Reload').click();
  await expectColumn(page, 'Orders', 'Id', [String(id)]);
});

test('on a phone, the menu and the filters open and close', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders', { width: 390, height: 844 });
  const navigation = page.getByRole('navigation', { name: 'Main' });
  assert.equal(await navigation.isVisible(), false);
  await button(page, 'More filters').click();
  await page.getByLabel('Status').selectOption('placed');
  await button(page, 'Fewer filters').click();
  await page.getByLabel('Status').waitFor({ state: 'hidden' });
  await button(page, 'Menu').click();
  await link(navigation, 'System').click();
  await awaitPage(page, 'System');
  await navigation.waitFor({ state: 'hidden' });
});

test('a dialog is closed by its button Close or by a click beside it', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/1');
  await button(page, 'Keys').click();
  await button(dialog(page), 'Close').click();
  await dialog(page).waitFor({ state: 'detached' });
  await button(page, 'Delete').click();
  await dialog(page).waitFor();
  await page.mouse.click(5, 5);
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal((await server.request('GET', '/users/1')).status, 200);
});

test('the event log loads older events, and the details of an event link to its journey and to similar events', async (t) => {
  const page = await console.open(t, server.users, '/console/events');
  const log = 'Events, newest first';
  await button(page, 'Load older events').click();
  await link(table(page, log), '1').waitFor();
  await page.getByRole('button', { name: 'Details of event 1', exact: true }).click();
  const detail = page.locator('.detail');
  await button(detail, 'Copy data').click();
  assert.equal(JSON.parse(await awaitCopy(page, /"username": "ann"/)).user_id, 1);
  assert.equal(await link(detail, 'Journey').getAttribute('href'), '/console/events/1');
  await link(detail, 'All of user/1').click();
  await expectColumn(page, log, 'Seq', ['1']);
  await button(page, 'Clear').click();
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await link(detail, 'All of this topic').click();
  await eventually(() => parametersOf(page).get('topic'), 'the topic in the address');
});

test('the event log can be filtered by the time of the events', async (t) => {
  const page = await console.open(t, server.users, '/console/events');
  await page.getByLabel('Since').fill('2090-01-01T00:00');
  await page.getByText('No events match.').waitFor();
  await page.getByLabel('Since').fill('');
  await page.getByLabel('Until').fill('2020-01-01T00:00');
  await page.getByText('No events match.').waitFor();
  assert.match(parametersOf(page).get('until'), /^20(19|20)-/);
});

test('the page of a subscription has links to its dead letters and to its events', async (t) => {
  const page = await console.open(t, server.users, '/console/events/subscriptions/users.order_statistics');
  await page.getByRole('group', { name: 'Latest error' }).getByText(failure).waitFor();
  await link(page, 'Follow').first().click();
  await awaitPage(page, 'Events');
  assert.equal(parametersOf(page).get('topic'), 'orders.order_created');
  await page.goBack();
  await page.locator('.figure', { hasText: 'Dead' }).getByRole('link').click();
  await awaitPage(page, 'Dead letters');
  assert.equal(parametersOf(page).get('subscription'), 'users.order_statistics');
  await link(page, 'One by one').click();
  await expectColumn(page, 'Dead letters', 'Id', await letterIds());
  await link(page, 'By failure').click();
  await expectColumn(page, 'Groups of dead letters', 'Number', [String(letters)]);
});

test('a dead letter can be discarded on its page, and the archive then shows its details', async (t) => {
  const [id] = await letterIds();
  const page = await console.open(t, server.users, `/console/events/dead-letters/${id}`);
  await link(page, 'Similar failures').click();
  await link(table(page, 'Dead letters'), id).click();
  await button(page, 'Discard…').click();
  await dialog(page).getByLabel('Reason').fill('a broken cup');
  await button(dialog(page), 'Discard 1').click();
  await awaitPage(page, 'Dead letters');
  await link(page, 'Archive').click();
  await expectColumn(page, 'Archive of dead letters', 'Reason', ['a broken cup']);
  await table(page, 'Archive of dead letters').getByRole('button').click();
  await page.locator('.detail').getByText(failure).first().waitFor();
  await table(page, 'Archive of dead letters').getByRole('link').click();
  await awaitPage(page, /^Event \d+$/);
  await link(page.locator('.timeline'), 'In the archive').click();
  await awaitPage(page, 'Archive');
});

test('one checkbox selects all dead letters of a page, and a group of dead letters can be discarded', async (t) => {
  const page = await console.open(t, server.users, list);
  await page.getByLabel('All of this page').check();
  await page.getByText(`${letters - 1} selected`).waitFor();
  await page.getByLabel('All of this page').uncheck();
  await page.getByText('None selected').waitFor();
  await page.goto('/console/events/dead-letters');
  await button(table(page, 'Groups of dead letters'), 'Discard…').click();
  await dialog(page)
    .getByText(`${letters - 1} dead letters match. Nothing is changed yet.`)
    .waitFor();
  await dialog(page).getByLabel('Reason').fill('the group');
  await button(dialog(page), `Discard ${letters - 1}`).click();
  await dialog(page)
    .getByText(`Discarded ${letters - 1} of`)
    .waitFor();
  await awaitDeadLetters(server, 0);
});

test('the list of requests has pages, and only the first one is live', async (t) => {
  for (let i = 0; i < 101; i += 1) await server.users.request('GET', '/users/2');
  const page = await console.open(t, server.users, '/console/requests?route=/users/{id}');
  await page.getByText('100 on this page').waitFor();
  await button(page, 'Pause').click();
  await page.locator('main .status').getByText('Paused').waitFor();
  await button(page, 'Next page').click();
  await button(page, 'First page').waitFor();
  await eventually(
    async () => /Only the first page/.test(await button(page, 'Continue').getAttribute('aria-description')),
    'a reason',
  );
  await button(page, 'First page').click();
  await page.getByText('100 on this page').waitFor();
});

test('the numbers on the page House are links to pages with details, and a route is a link to its requests', async (t) => {
  const page = await console.open(t, server.users, '/');
  for (const [name, title] of [
    ['Requests/s', 'Now'],
    ['Events/s', 'Events'],
    ['Backlog', 'Subscriptions'],
    ['Dead letters', 'Dead letters'],
  ]) {
    await page.locator('.figure', { hasText: name }).getByRole('link').click();
    await awaitPage(page, title);
    await link(page, 'Atrium, House').click();
    await awaitPage(page, 'House');
  }
  await page.locator('summary').click();
  await link(page, 'GET /readyz').click();
  await awaitPage(page, 'Requests');
  const targets = () => readColumn(page, 'Requests, newest first', 'Target');
  await eventually(async () => (await targets()).includes('/readyz'), 'the requests');
});

test('the page of an entity has a link back to the list of entities', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/1');
  await link(page.getByRole('navigation', { name: 'Breadcrumbs' }), 'Users').click();
  await awaitPage(page, 'Users');
  assert.equal(new URL(page.url()).pathname, '/console/entities/users');
});
