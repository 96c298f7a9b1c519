// Tests the pages of entities: lists, records, forms.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Server,
  Console,
  button,
  readColumn,
  awaitCopy,
  dialog,
  eventually,
  expectColumn,
  awaitPage,
  isSplit,
  link,
  runCommand,
  table,
} from './console.mjs';

const names = ['ann', 'bert', 'clara', 'dora'];
const server = Server.forAllTests(async (each) => {
  for (const name of names) await each.addUser(name);
  for (let i = 0; i < 60; i += 1) await each.addOrder('clara', `tea ${i % 3}`, i + 1);
});
const console = Console.forAllTests();

test('a list can be sorted, searched and filtered, and its address contains the order and the filters', async (t) => {
  const page = await console.open(t, server, '/console/entities/users');
  await expectColumn(page, 'Users', 'Username', names);
  await button(page, 'Username').click();
  await button(page, 'Username').click();
  await expectColumn(page, 'Users', 'Username', [...names].reverse());
  assert.equal(new URL(page.url()).search, '?sort=-username');
  await page.getByLabel('Search').fill('cl');
  await table(page, 'Users').getByText('clara', { exact: true }).waitFor();
  await page.goto('/console/entities/users?username=bert');
  await expectColumn(page, 'Users', 'Username', ['bert']);
  assert.equal(await page.getByLabel('Username').inputValue(), 'bert');
  await button(page, 'Clear').click();
  await expectColumn(page, 'Users', 'Username', names);
});

test('the results of a search have an order of their own, so their columns cannot be sorted', async (t) => {
  const page = await console.open(t, server, '/console/entities/users?search=cl');
  await expectColumn(page, 'Users', 'Username', ['clara']);
  assert.equal(await button(table(page, 'Users'), 'Username').count(), 0);
});

test('the next page of a list can be opened, and Back in the browser returns to the previous page', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders');
  await page.getByText('50 on this page').waitFor();
  await button(page, 'Next page').click();
  await page.getByText('10 on this page').waitFor();
  await button(page, 'Next page').hover();
  assert.equal(await button(page, 'Next page').getAttribute('aria-disabled'), 'true');
  await page.goBack();
  await page.getByText('50 on this page').waitFor();
});

test('a list reports that no entity matches the filter', async (t) => {
  const page = await console.open(t, server, '/console/entities/users?username=nobody'); // style: as is
  await page.getByText('No users match.').waitFor();
});

test('a user can be created, and the errors that the server reports appear beside the fields', async (t) => {
  const page = await console.open(t, server, '/console/entities/users', { statuses: [422, 409] });
  await button(page, 'New user').click();
  await awaitPage(page, 'New user');
  await page.getByLabel('Email').fill('not an address');
  await button(page, 'Create user').click();
  await page.getByText('must be an email address').waitFor();
  assert.equal(await page.getByLabel('Username').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Email').inputValue(), 'not an address');
  await page.getByLabel('Username').fill('emil');
  await page.getByLabel('Email').fill('emil@example.com');
  await button(page, 'Create user').click();
  await awaitPage(page, /^User \d+$/);
  await page.getByText('emil@example.com').first().waitFor();
  assert.equal((await server.request('GET', '/users/?username=emil')).json().length, 1);
});

test('the page of an entity shows the entities that belong to it, and its events', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/3');
  await expectColumn(page, 'Events of user/3', 'Topic', ['users.user_created']);
  if (isSplit) return; // with two processes, the console of users shows no orders
  await expectColumn(
    page,
    'Orders',
    'Quantity',
    Array.from({ length: 10 }, (_, i) => String(i + 1)),
  );
  await link(page, 'All orders of this user').click();
  await awaitPage(page, 'Orders');
  assert.equal(new URL(page.url()).search, '?user=clara');
});

test('an order has a link to its user', { skip: isSplit && 'with two processes, users has its own console' }, async (t) => {
  const page = await console.open(t, server, '/console/entities/orders/1');
  await awaitPage(page, 'Order 1');
  await link(page, '3').first().click();
  await awaitPage(page, 'User 3');
});

test('an edit of an order is refused if the order was changed in the meantime, and can then be repeated', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders/2', { statuses: [412, 422] });
  await button(page, 'Edit').click();
  const quantity = dialog(page).getByLabel('Quantity');
  await quantity.fill('0');
  await button(dialog(page), 'Save').click();
  await dialog(page).getByText('must be between 1 and 1000000').waitFor();
  await server.request('PATCH', '/orders/2', { quantity: 7 });
  await quantity.fill('8');
  await button(dialog(page), 'Save').click();
  await dialog(page).getByText('It was changed by others in the meantime').waitFor();
  assert.equal(await quantity.inputValue(), '8');
  assert.equal((await server.request('GET', '/orders/2')).json().quantity, 7);
  await eventually(async () => {
    // The form may have been sent already, or the dialog may close in the meantime, so a click that fails is ignored.
    await button(dialog(page), 'Save')
      .click({ timeout: 500 })
      .catch(() => {});
    return (await server.request('GET', '/orders/2')).json().quantity === 8;
  }, 'the change');
});

test('a user is deleted only after a confirmation', async (t) => {
  const { id } = await server.addUser('fritz');
  const page = await console.open(t, server, `/console/entities/users/${id}`);
  await button(page, 'Delete').click();
  await dialog(page).getByText('fritz').waitFor();
  await button(dialog(page), 'Cancel').click();
  assert.equal((await server.request('GET', `/users/${id}`)).status, 200);
  await button(page, 'Delete').click();
  await button(dialog(page), 'Delete').click();
  await page.getByText(`User ${id} was deleted`).waitFor();
  await awaitPage(page, 'Users');
  assert.equal((await server.request('GET', `/users/${id}`)).status, 404);
});

test('the page of an entity that does not exist reports that it was not found', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/9223372036854775807', { statuses: [404] });
  await awaitPage(page, 'User 9223372036854775807');
  await page.getByRole('alert').getByText('Not Found').waitFor();
  await link(page, 'All users').click();
  await awaitPage(page, 'Users');
});

test('the request for a list can be copied as a curl command, which returns the same rows', async (t) => {
  const page = await console.open(t, server, '/console/entities/users?sort=-username');
  await expectColumn(
    page,
    'Users',
    'Username',
    (await server.request('GET', '/users/?sort=-username')).json().map((each) => each.username),
  );
  await button(page, 'Copy as curl').click();
  const rows = JSON.parse(await runCommand(server.users, await awaitCopy(page, /^curl .*\/users\/\?/)));
  assert.deepEqual(
    rows.map(({ username }) => username),
    await readColumn(page, 'Users', 'Username'),
  );
});

test('the query for a list or an entity can be copied as GraphQL, and opened in GraphiQL', async (t) => {
  const page = await console.open(t, server, '/console/entities/orders?status=placed&sort=-id');
  await button(page, 'Copy as GraphQL').click();
  const list = await awaitCopy(page, /allOrders|orders/);
  const { data } = await server.orders.ask(list);
  assert.equal(Object.values(data)[0].length, 50);
  assert.equal(Object.values(data)[0][0].productName, 'tea 2');
  assert.match(await link(page, 'Open in GraphiQL').getAttribute('href'), /^\/graphql\/\?query=/);
  const record = await console.open(t, server, '/console/entities/users/2');
  await button(record, 'Copy as GraphQL').click();
  const one = await awaitCopy(record, /user\(id: /);
  assert.equal((await server.users.ask(one)).data.user.username, 'bert');
});

test('the page of an entity shows changes of its fields without a reload', async (t) => {
  const { id } = await server.addUser('frieda');
  const page = await console.open(t, server, `/console/entities/users/${id}`);
  const count = page.locator('.facts > div', { hasText: 'Order count' }).locator('dd');
  await eventually(async () => (await count.innerText()) === '0', 'the count before');
  await server.addOrder('frieda', 'followed tea');
  await eventually(async () => (await count.innerText()) === '1', 'the count after');
  if (isSplit) return; // with two processes, the console of users shows no orders
  await table(page, 'Orders').getByText('followed tea').waitFor();
});
