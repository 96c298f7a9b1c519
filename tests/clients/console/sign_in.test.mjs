// Tests signing in and out, and the pages for a session that lacks scopes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Console,
  Server,
  awaitPage,
  bearer,
  button,
  createToken,
  eventually,
  isSplit,
  link,
  signIn,
  table,
} from './console.mjs';

let admin, reader;
const server = Server.forAllTests(
  async (each) => {
    admin = await createToken(each, 'root', 'admin');
    reader = await createToken(each, 'reader', 'users:read', 'events:read');
  },
  ['auth.mode=token'],
);
const console = Console.forAllTests();

const options = { statuses: [401, 403], hasSession: false };

test('a page that was opened without a session appears after signing in', async (t) => {
  const page = await console.open(t, server, '/console/events/subscriptions?x=1', options);
  await awaitPage(page, 'Sign in to Atrium');
  assert.equal(await page.locator('header.side').count(), 0, 'the navigation is shown without a session');
  await signIn(page, 'wrong');
  await page.getByText('The server does not accept this token').waitFor();
  await signIn(page, admin);
  await awaitPage(page, 'Subscriptions');
  assert.equal(new URL(page.url()).pathname, '/console/events/subscriptions');
});

test('signing in leads to the page whose address is in the parameter next', async (t) => {
  const page = await console.open(t, server, '/console/sign-in?next=/console/entities/users', options);
  await signIn(page, admin);
  await awaitPage(page, 'Users');
  assert.equal((await page.context().cookies())[0].httpOnly, true);
});

test('an address of another site in the parameter next is ignored, and signing in leads to the house', async (t) => {
  const page = await console.open(t, server, '/console/sign-in?next=//example.com/', options);
  await signIn(page, admin);
  await awaitPage(page, 'House');
});

test('a user whose session lacks a scope sees why an action or a page cannot be used', async (t) => {
  const page = await console.open(t, server, '/console/entities/users', options);
  await signIn(page, reader);
  await awaitPage(page, 'Users');
  const create = button(page, 'New user');
  assert.match(await create.getAttribute('aria-description'), /Needs the scope users:write/);
  await create.click({ force: true });
  await awaitPage(page, 'Users');
  await link(page, 'Requests').click();
  await page.getByText('This page needs the scope admin').waitFor();
  if (!isSplit) {
    await link(page, 'Orders').click();
    await page.getByText('the scope orders:read is needed').waitFor();
  }
  await link(page, 'Now').click();
  await page.getByText('This page needs the scope metrics:read').waitFor();
  await page.goto('/console/events/subscriptions');
  await table(page, 'Subscriptions').getByText('users.order_statistics').waitFor();
  assert.match(await button(page, 'Pause users.order_statistics').getAttribute('aria-description'), /events:operate/);
});

test('signing out ends the session, and the page asks for a token', async (t) => {
  const page = await console.open(t, server, '/', options);
  await signIn(page, admin);
  await awaitPage(page, 'House');
  await button(page, 'Sign out').click();
  await awaitPage(page, 'Sign in to Atrium');
  await page.reload();
  await awaitPage(page, 'Sign in to Atrium');
});

test('if the session ends while a page is open, the page for signing in appears', async (t) => {
  const token = await createToken(server, 'short', 'admin');
  const page = await console.open(t, server, '/console/now', options);
  await signIn(page, token);
  await awaitPage(page, 'Now');
  await server.request('DELETE', '/tokens/short', undefined, bearer(admin));
  await eventually(() => page.getByRole('heading', { name: 'Sign in to Atrium' }).count(), 'the page for signing in');
});
