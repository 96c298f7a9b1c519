// Tests that the console can be used with the keyboard only.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, dialog, eventually, awaitPage, isSplit } from './console.mjs';

const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  await each.addUser('bert');
});
const console = Console.forAllTests();

const focused = (page) =>
  page.evaluate(() => document.activeElement.getAttribute('name') ?? document.activeElement.textContent);

/** Presses Tab until the focus is on an element with this text or name. */
async function tabTo(page, text) {
  for (let i = 0; i < 60; i += 1) {
    if ((await focused(page))?.startsWith(text)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${text}`);
}

async function type(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

test('with keys only, a user can be found and changed, and another one created', async (t) => {
  const page = await console.open(t, server, '/');
  await awaitPage(page, 'House');
  await page.getByRole('navigation', { name: 'Main' }).getByText('Users').waitFor();
  await type(page, 'g', 'u');
  await awaitPage(page, 'Users');
  assert.equal(await focused(page), 'Users'); // the title
  await page.getByRole('link', { name: '2', exact: true }).waitFor();
  await type(page, 'j', 'j');
  assert.equal(await focused(page), '2');
  await type(page, 'ArrowUp', 'k', 'ArrowDown', 'Enter');
  await awaitPage(page, 'User 2');
  await page.getByText('bert@example.com').first().waitFor();

  await type(page, 'e');
  await dialog(page).waitFor();
  await eventually(async () => (await focused(page)) === 'username', 'the focus in the first field');
  await type(page, 'Control+A');
  await page.keyboard.type('berta');
  await type(page, 'Enter');
  await page.getByText('User 2 was changed').waitFor();
  await eventually(async () => (await focused(page)) === 'Edit', 'the focus on the button again');

  await type(page, 'g', 'u');
  await awaitPage(page, 'Users');
  await page.getByRole('button', { name: 'New user' }).waitFor();
  await type(page, 'n');
  await awaitPage(page, 'New user');
  await eventually(async () => (await focused(page)) === 'username', 'the focus in the form');
  await page.keyboard.type('clara');
  await tabTo(page, 'email');
  await page.keyboard.type('clara@example.com');
  await type(page, 'Enter');
  await awaitPage(page, 'User 3');
  assert.equal((await server.request('GET', '/users/2')).json().username, 'berta');
});

test('"/" focuses the search, and Escape leaves it', async (t) => {
  const page = await console.open(t, server, '/console/entities/users');
  await page.getByLabel('Search').waitFor();
  await type(page, '/');
  await page.keyboard.type('cl?');
  assert.equal(await page.getByLabel('Search').inputValue(), 'cl?');
  await type(page, 'Escape');
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
});

test('"?" lists all keys, including those of the current page, and Escape returns the focus', async (t) => {
  const page = await console.open(t, server, '/console/entities/users');
  await page.getByRole('link', { name: '1', exact: true }).waitFor();
  await type(page, 'j', '?');
  await dialog(page).getByText('focus the search of the page').waitFor();
  await dialog(page).getByText('New user').waitFor();
  await type(page, 'Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), '1');
});

test('Tab does not move the focus out of a dialog', async (t) => {
  const page = await console.open(t, server, '/console/entities/users/1');
  await page.getByRole('button', { name: 'Delete' }).waitFor();
  await type(page, 'x');
  await dialog(page).waitFor();
  for (let i = 0; i < 6; i += 1) {
    await type(page, 'Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog')));
  }
  await type(page, 'Escape');
  await dialog(page).waitFor({ state: 'detached' });
});

test('the first press of Tab offers to skip the navigation', async (t) => {
  const page = await console.open(t, server, '/');
  await page.getByRole('region', { name: 'Drawing of the house' }).waitFor();
  await type(page, 'Tab');
  assert.equal(await focused(page), 'Skip to the content');
  await type(page, 'Enter', 'Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('main')));
});

test('each page is opened by its keys, and its title then has the focus', async (t) => {
  const page = await console.open(t, server, '/');
  await page.getByRole('navigation', { name: 'Main' }).getByText('System').waitFor();
  for (const [key, title] of [
    ['n', 'Now'],
    ['u', 'Users'],
    ...(isSplit ? [] : [['o', 'Orders']]),
    ['e', 'Events'],
    ['d', 'Dead letters'],
    ['r', 'Requests'],
    ['a', 'API'],
    ['s', 'System'],
    ['h', 'House'],
  ]) {
    await type(page, 'g', key);
    await awaitPage(page, title);
    assert.equal(await focused(page), title);
  }
});

test('with keys only, an event can be published, the event log paused, and a journey opened', async (t) => {
  const page = await console.open(t, server, '/console/events');
  await awaitPage(page, 'Events');
  await page.locator('[data-row]').first().waitFor();
  await type(page, 'n');
  await awaitPage(page, 'Publish an event');
  await type(page, '/');
  await page.keyboard.type('users.user_deleted');
  await tabTo(page, 'data');
  await type(page, 'Control+A');
  await page.keyboard.insertText('{"user_id": 4711, "username": "gone", "revision": 2}');
  await tabTo(page, 'Publish');
  await type(page, 'Enter');
  await dialog(page).waitFor();
  await tabTo(page, 'Publish');
  await type(page, 'Enter');
  await awaitPage(page, /^Event \d+$/);

  await type(page, 'g', 'e');
  await awaitPage(page, 'Events');
  await page.getByText('user/4711').first().waitFor();
  await type(page, 'p');
  await page.locator('main .status').getByText('Paused').waitFor();
  await type(page, 'j', 'j', 'Enter');
  await awaitPage(page, /^Event \d+$/);
  await page.locator('.timeline').getByText('users.user_deleted').waitFor();
});
