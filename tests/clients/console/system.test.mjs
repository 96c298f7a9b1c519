// Tests the page System, on a server that requires a credential.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import {
  Server,
  Console,
  bearer,
  button,
  readColumn,
  createToken,
  dialog,
  eventually,
  awaitPage,
  signIn,
  table,
} from './console.mjs';

let admin;
const server = Server.forAllTests(
  async (each) => {
    admin = await createToken(each, 'root', 'admin');
  },
  ['auth.mode=token', 'events.retry.attempts=7', 'http.address=127.0.0.1'],
);
const console = Console.forAllTests();

async function open(t, { statuses = [] } = {}) {
  const page = await console.open(t, server, '/console/system', { statuses: [401, ...statuses], hasSession: false });
  await signIn(page, admin);
  await awaitPage(page, 'System');
  return page;
}

test('a config key whose value is the default is hidden, even if the command line sets it', async (t) => {
  const page = await open(t);
  const { configuration } = (await server.request('GET', '/console/data/system', undefined, bearer(admin))).json();
  const setting = configuration.find(({ key }) => key === 'http.address');
  assert.equal(setting.value, setting.default);
  assert.equal(setting.source, 'command line');
  await eventually(async () => (await readColumn(page, 'Configuration', 'Key')).includes('auth.mode'), 'the settings');
  assert.ok(!(await readColumn(page, 'Configuration', 'Key')).includes('http.address'));
});

test('the configuration shows the keys that were set, and shows the defaults only if the user asks for them', async (t) => {
  const page = await open(t);
  const keys = async () => readColumn(page, 'Configuration', 'Key');
  await eventually(async () => (await keys()).includes('events.retry.attempts'), 'the setting');
  assert.ok(!(await keys()).includes('http.cors_origin'));
  await page.getByLabel('Show all keys').check();
  await eventually(async () => (await keys()).includes('http.cors_origin'), 'a key with its default value');
  await page.getByLabel('Search the configuration').fill('cors');
  await eventually(async () => !(await keys()).includes('http.port'), 'the list without the keys that do not match');
  assert.ok((await keys()).includes('http.cors_origin'));
});

test('the page System lists the migrations of the database', async (t) => {
  const page = await open(t);
  await table(page, 'Migrations').getByText('0001_accounts').waitFor();
});

test('the button "Back up now" makes a backup in the folder backups', async (t) => {
  const page = await open(t);
  await page.getByText('There are no backups in this folder yet.').waitFor();
  await button(page, 'Back up now').click();
  await page.getByText(/The backup atrium-.*\.db is complete/).waitFor();
  await eventually(async () => (await readColumn(page, 'Backups', 'File')).length === 1, 'the backup in the list');
  const [name] = await readColumn(page, 'Backups', 'File');
  assert.ok(existsSync(path.join(path.dirname(server.users.database), 'backups', name)));
});

test('a token can be made, is shown and accepted, and can be revoked', async (t) => {
  const page = await open(t, { statuses: [422] });
  await button(page, 'New token').click();
  await dialog(page).getByLabel('users:read').check();
  await button(dialog(page), 'Make token').click();
  await dialog(page).locator('.field.invalid').waitFor();
  await dialog(page).getByLabel('Name').fill('ci');
  await button(dialog(page), 'Make token').click();
  const shown = dialog(page).getByRole('group', { name: 'Command' });
  const token = await shown.textContent();
  assert.equal((await server.request('GET', '/users/', undefined, bearer(token))).status, 200);
  await button(dialog(page), 'I have copied it').click();
  await button(page, 'Revoke ci').click();
  await button(dialog(page), 'Revoke').click();
  await eventually(
    async () => (await server.request('GET', '/users/', undefined, bearer(token))).status === 401,
    'the revocation',
  );
  await eventually(async () => (await readColumn(page, 'Tokens', 'State')).includes('revoked'), 'the state');
});

test('an administrator can end the session of another browser', async (t) => {
  const other = await open(t);
  const page = await open(t);
  const sessions = (await server.request('GET', '/sessions', undefined, bearer(admin))).json();
  const [ownId, otherId] = sessions.map(({ id }) => id).sort((a, b) => b - a); // the newest first
  assert.ok(ownId > otherId);
  await button(page, `End session ${otherId} of token:root`).click();
  await button(dialog(page), 'End session').click();
  await page.getByText('The session of token:root has ended').waitFor();
  await other.reload();
  await awaitPage(other, 'Sign in to Atrium');
  await awaitPage(page, 'System');
});
