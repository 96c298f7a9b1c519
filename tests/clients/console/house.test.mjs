// Tests the first page of the console, its addresses, and its size.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, button, eventually, heading, isSplit, link, runCommand } from './console.mjs';

const server = Server.forAll();
const console = Console.forAll();

test('an empty database shows a command that makes the first user, and the command works', async (t) => {
  const page = await console.open(t, server, '/');
  await heading(page, 'House');
  const first = page.getByRole('region', { name: 'First steps' });
  const command = await first.getByRole('group', { name: 'Command' }).textContent();
  assert.match(await runCommand(server.users, command), /User created successfully/);
  await page.reload();
  await page.getByRole('region', { name: 'Drawing of the house' }).waitFor();
  assert.equal(await first.count(), 0);
});

test('the drawing shows modules, routes, topics and subscriptions, and leads to each', async (t) => {
  const page = await console.open(t, server.users, '/');
  const drawing = page.getByRole('region', { name: 'Drawing of the house' });
  for (const [name, target] of [
    [/^users$/, '/console/entities/users'],
    [/^Create a user/, '/console/requests?method=POST&route=%2Fusers%2F'],
    [/^Events users\.user_created/, '/console/events?topic=users.user_created'],
    [/^Subscription users\.order_statistics: orders/, '/console/events/subscriptions/users.order_statistics'],
  ]) {
    assert.equal(await drawing.getByRole('link', { name }).getAttribute('href'), target);
  }
  await drawing.getByRole('link', { name: /^users$/ }).click();
  await heading(page, 'Users');
  assert.equal(new URL(page.url()).pathname, '/console/entities/users');
  await page.goBack();
  await heading(page, 'House');
});

test('the numbers of the house follow the server', async (t) => {
  const page = await console.open(t, server, '/');
  const value = (name) => page.locator('.figure', { has: page.getByText(name, { exact: true }) }).locator('dd');
  await value('State').getByText('Ready').waitFor();
  await eventually(async () => /^[\d.,]+$/.test(await value('Requests/s').innerText()), 'a rate of requests');
  assert.equal(await value('Bus').innerText(), isSplit ? 'rabbitmq\nbroker connected' : 'in-process');
});

test('every address of the console opens its page, and an unknown one leads back', async (t) => {
  const page = await console.open(t, server, '/console/nothing/here');
  await heading(page, 'There is no such page');
  await link(page.locator('main'), 'House').click();
  await heading(page, 'House');
});

test('the colors can be chosen, and the choice is kept', async (t) => {
  const page = await console.open(t, server, '/');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await heading(page, 'House');
  const light = await ground();
  await button(page, 'Theme: system').click();
  await button(page, 'Theme: light').click();
  await button(page, 'Theme: dark').waitFor();
  assert.notEqual(await ground(), light);
  await page.reload();
  await button(page, 'Theme: dark').waitFor();
});

test('the files of the console have at most 120 KB in compressed form, and their policy allows no inline code', async () => {
  const headers = { Accept: 'text/html', 'Accept-Encoding': 'gzip' };
  const index = await server.request('GET', '/', undefined, { Accept: 'text/html' });
  const policy = index.headers['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(index.text, /<style|<script>|style=/);
  const files = [...index.text.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, file]) => file);
  assert.ok(files.length >= 2, index.text);
  let bytes = 0;
  for (const target of ['/', ...files]) {
    const { headers: fields } = await server.request('GET', target, undefined, headers);
    assert.equal(fields['content-encoding'], 'gzip', target);
    bytes += Number(fields['content-length']);
  }
  assert.ok(bytes <= 120_000, `${bytes} bytes`);
});
