// Tests the page "API": its links, downloads and commands.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { buildSchema } from 'graphql';

import { Console, Server, button, awaitPage, runCommand } from './console.mjs';

const server = Server.forAllTests((each) => each.addUser('ann'));
const console = Console.forAllTests();

async function download(page, click) {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('the descriptions of the API can be downloaded', async (t) => {
  const page = await console.open(t, server, '/console/api');
  await awaitPage(page, 'API');
  for (const [title, name, member] of [
    ['OpenAPI 3.1', 'openapi.json', 'openapi'],
    ['AsyncAPI 3.0', 'asyncapi.json', 'asyncapi'],
  ]) {
    const file = await download(page, () => page.getByRole('link', { name: title }).click());
    assert.equal(file.name, name);
    assert.ok(JSON.parse(file.text)[member]);
  }
  const schema = await download(page, () => page.getByRole('button', { name: 'GraphQL schema' }).click());
  assert.equal(schema.name, 'schema.graphql');
  assert.ok(buildSchema(schema.text).getType('User').getFields().username);
});

test('the link to GraphiQL opens it with an example query', async (t) => {
  const page = await console.open(t, server, '/console/api');
  const [opened] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'GraphiQL' }).click()]);
  await opened.locator('.graphiql-query-editor .view-lines').getByText('queryType').waitFor();
  await opened.close();
});

test('the command that the page API shows for /users/ returns the users', async (t) => {
  const page = await console.open(t, server, '/console/api');
  const command = await page.getByRole('group', { name: 'Command' }).filter({ hasText: '/users/' }).textContent();
  assert.equal(JSON.parse(await runCommand(server.users, command))[0].username, 'ann');
  assert.ok(await button(page, 'Copy').first().isVisible());
});
