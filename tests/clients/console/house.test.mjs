// Tests the first page of the console, its addresses, and its size.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Atrium } from '../atrium.mjs';
import {
  Console,
  Server,
  breakHandler,
  button,
  awaitDeadLetters,
  eventually,
  awaitPage,
  impatient,
  isSplit,
  link,
  runCommand,
} from './console.mjs';

const server = Server.forAllTests();
const console = Console.forAllTests();

test('with an empty database, the house shows a command that creates the first user, and the command works', async (t) => {
  const page = await console.open(t, server, '/');
  await awaitPage(page, 'House');
  const first = page.getByRole('region', { name: 'First steps' });
  const command = await first.getByRole('group', { name: 'Command' }).textContent();
  assert.match(await runCommand(server.users, command), /User created successfully/);
  await page.reload();
  await page.getByRole('region', { name: 'Drawing of the house' }).waitFor();
  assert.equal(await first.count(), 0);
});

test('the drawing of the house shows modules, routes, topics and subscriptions, with a link for each', async (t) => {
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
  await awaitPage(page, 'Users');
  assert.equal(new URL(page.url()).pathname, '/console/entities/users');
  await page.goBack();
  await awaitPage(page, 'House');
});

test('the house shows the state of the server, its rate of requests and its bus', async (t) => {
  const page = await console.open(t, server, '/');
  const value = (name) => page.locator('.figure', { has: page.getByText(name, { exact: true }) }).locator('dd');
  await value('State').getByText('Ready').waitFor();
  await eventually(async () => /^[\d.,]+$/.test(await value('Requests/s').innerText()), 'a rate of requests');
  assert.equal(await value('Bus').innerText(), isSplit ? 'rabbitmq\nbroker connected' : 'in-process');
});

test('every page reports a server that does not respond, until it responds again', async (t) => {
  const own = await Atrium.start(t);
  const page = await console.open(t, own, '/', { stopsServer: true });
  const state = page.locator('.figure', { has: page.getByText('State', { exact: true }) }).locator('dd');
  const banner = page.getByRole('alert').getByText('The server does not respond.');
  await state.getByText('Ready').waitFor();
  for (const address of ['/', '/console/entities/users/new', '/console/api']) {
    await page.goto(own.origin + address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await own.stop();
    await banner.waitFor();
    if (address === '/') await state.getByText('No response').waitFor();
    await own.restartInPlace();
    await banner.waitFor({ state: 'detached' });
    await page.getByRole('status').getByText('The server responds again').waitFor();
  }
});

test('a subscription with dead letters is marked in the drawing of the house', async (t) => {
  const own = await Atrium.start(t, impatient);
  await own.addUser('ann');
  breakHandler(own);
  await own.addOrder('ann', 'tea');
  await awaitDeadLetters(own, 1);
  const page = await console.open(t, own, '/');
  const drawing = page.getByRole('region', { name: 'Drawing of the house' });
  await drawing.getByRole('link', { name: /^Subscription users\.order_statistics: .*, 1 dead letter$/ }).waitFor();
  assert.equal(await drawing.locator('.trouble').count(), 1);
});

test('an unknown address of the console shows that there is no such page, with a link to the house', async (t) => {
  const page = await console.open(t, server, '/console/nothing/here');
  await awaitPage(page, 'There is no such page');
  await link(page.locator('main'), 'House').click();
  await awaitPage(page, 'House');
});

test('the theme can be chosen, and the choice is kept after a reload', async (t) => {
  const page = await console.open(t, server, '/');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await awaitPage(page, 'House');
  const light = await ground();
  await button(page, 'Theme: system').click();
  await button(page, 'Theme: light').click();
  await button(page, 'Theme: dark').waitFor();
  assert.notEqual(await ground(), light);
  await page.reload();
  await button(page, 'Theme: dark').waitFor();
});

const readIndex = () => server.request('GET', '/', undefined, { Accept: 'text/html' });

/** The names in a text that are names of files of the console. Each of these names contains a hash. */
const filesIn = (text) => [...new Set(text.match(/[\w-]+-[0-9A-Z]{8}\.(?:js|css)/g))];

/** Returns the compressed size of a file of the console, and its content. */
async function readFile(name) {
  const target = `/console/assets/${name}`;
  const { headers } = await server.request('GET', target, undefined, { 'Accept-Encoding': 'gzip' });
  assert.equal(headers['content-encoding'], 'gzip', name);
  const { status, text } = await server.request('GET', target);
  assert.equal(status, 200, name);
  return { bytes: Number(headers['content-length']), text };
}

test('the content security policy of the first page allows no inline code, and the page has none', async () => {
  const { headers, text } = await readIndex();
  assert.match(headers['content-security-policy'], /default-src 'none'/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
  assert.doesNotMatch(text, /<style|<script>|style=/);
});

test('the first page loads at most 36 KB in compressed form, and the whole console has at most 120 KB', async () => {
  const sizes = new Map();
  const add = async (names) => {
    for (const name of names.filter((each) => !sizes.has(each))) {
      const { bytes, text } = await readFile(name);
      sizes.set(name, bytes);
      await add(filesIn(text));
    }
  };
  const first = filesIn((await readIndex()).text);
  await add(first);
  const sum = (names) => names.reduce((bytes, name) => bytes + sizes.get(name), 0);
  const all = [...sizes.keys()];
  assert.ok(first.length >= 2 && first.length < all.length, all.join(' '));
  assert.ok(sum(first) <= 36_000, `${sum(first)} bytes: ${first.join(' ')}`);
  assert.ok(sum(all) <= 120_000, `${sum(all)} bytes: ${all.join(' ')}`);
});

test('the first page requests its data once, and does not load the script of the plots', async (t) => {
  const page = await console.open(t, server, '/console/api');
  const paths = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  const count = (pattern) => paths.filter((each) => pattern.test(each)).length;
  await page.goto('/');
  await page.getByRole('region', { name: 'Drawing of the house' }).waitFor();
  await eventually(() => count(/inner_pages/) > 0, 'the other pages');
  for (const pattern of [/^\/session$/, /^\/openapi\.json$/, /^\/console\/data\/house$/, /^\/users\/$/, /inner_pages/])
    assert.equal(count(pattern), 1, String(pattern));
  assert.equal(count(/plot/), 0);
  await link(page, 'Now').click();
  await page.locator('.plot canvas').first().waitFor();
  assert.equal(count(/plot/), 1);
});

test('the script draws the same logo as index.html, and leaves only one header and one main element', async (t) => {
  const page = await console.open(t, server, '/');
  await awaitPage(page, 'House');
  const drawn = await page.locator('.brand-name path').getAttribute('d');
  assert.ok((await readIndex()).text.includes(`d="${drawn}"`));
  assert.equal(await page.locator('header.side').count(), 1);
  assert.equal(await page.locator('main').count(), 1);
});

test('if the script of a page cannot be loaded, the page reports this, and the house still works', async (t) => {
  const page = await console.open(t, server, '/console/sign-in', { statuses: [404] });
  await page.route(/inner_pages/, (route) => route.fulfill({ status: 404 }));
  await page.goto('/console/api');
  await page.getByRole('alert').getByText('A file of the console cannot be loaded').waitFor();
  await link(page, 'House').click();
  await page.getByRole('region', { name: 'Drawing of the house' }).waitFor();
});
