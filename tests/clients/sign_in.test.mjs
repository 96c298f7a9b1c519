// Tests signing in with a browser in which scripts are turned off, with the link for the first administrator and with a token.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Atrium, atEndOf, eventually, patience } from './atrium.mjs';

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: patience,
  });
});
after(() => browser?.close());

/** Opens a page without scripts. The test fails if the page violates its content security policy. */
async function open(t) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  atEndOf(t, () => context.close());
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.on('console', (message) => assert.doesNotMatch(message.text(), /Content Security Policy/));
  return page;
}

async function signIn(page, server, token) {
  await page.goto(`${server.origin}/session`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the first administrator signs in with the link and makes a token, with which others sign in', async (t) => {
  const server = await Atrium.start(t, ['auth.mode=token']);
  const link = await eventually(() => server.output.match(/http:\S+\/session\/first\?code=\S+/)?.[0], 'the link');
  assert.ok(!server.log.includes('code='), 'the log contains the link');

  const page = await open(t);
  await page.goto(link);
  assert.equal(page.url(), `${server.origin}/`); // the console, which needs scripts
  await page.goto(`${server.origin}/session`);
  assert.match(await page.textContent('body'), /You are session:first-administrator, with the scopes admin/);
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.name, 'atrium_session');
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, 'Strict');

  await page.getByLabel('Name').fill('ci');
  await page.getByLabel('Scopes').fill('users:read orders:read');
  await page.getByRole('button', { name: 'Create token' }).click();
  const note = await page.getByRole('status').textContent();
  const [, token] = note.match(/The token ci is ([\w-]{43})\./);

  const other = await open(t);
  await other.goto(link);
  assert.match(await other.textContent('body'), /This link was used before/);
  await signIn(other, server, 'wrong');
  assert.match(await other.textContent('body'), /This token is not valid/);
  await signIn(other, server, token);
  assert.match(await other.textContent('body'), /You are token:ci, with the scopes orders:read users:read/);
  assert.equal(await other.getByRole('button', { name: 'Create token' }).count(), 0);
  await other.getByRole('button', { name: 'Sign out' }).click();
  assert.match(await other.textContent('body'), /Sign in with a token/);
});
