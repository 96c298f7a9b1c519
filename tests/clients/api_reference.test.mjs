// Tests the reference of the API, /docs, in a browser: it lists all routes, "try it" works, and it sends requests to no other
// host.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Atrium, eventually } from './atrium.mjs';
import { dereference } from '../../web/docs/open_api_parser.js';
import { Console, takePicture } from './console/console.mjs';

const server = Atrium.forAllTests((each) => each.addUser('ann'));
const browser = Console.forAllTests();

/** Opens /docs, and waits for its list of routes. */
async function open(t, { target = server, ...options } = {}) {
  const page = await browser.open(t, target, '/docs', options);
  await page.locator('[id="link-get-/users/"]').or(page.locator('.endpoint-head').first()).first().waitFor();
  return page;
}

async function readDocument() {
  return (await fetch(`${server.origin}/openapi.json`)).json();
}

const entryOf = (page, method, route) => page.locator(`[id="link-${method}-${route.replace(/[{}]/g, '-')}"]`);

/** Opens a route, fills in its fields, and sends the request. */
async function tryIt(page, method, route, body) {
  await entryOf(page, method, route).click();
  if (body) {
    await page.getByText('EXAMPLE', { exact: true }).first().click();
    await page.locator('textarea.request-body-param-user-input').first().fill(JSON.stringify(body));
  }
  await page.getByRole('button', { name: 'TRY', exact: true }).click();
}

test('the reference lists every route of /openapi.json', async (t) => {
  const { paths } = await readDocument();
  const page = await open(t);
  for (const [route, item] of Object.entries(paths))
    for (const method of Object.keys(item).filter((each) => !each.startsWith('x-')))
      await entryOf(page, method, route).waitFor({ state: 'attached' });
  await takePicture(page, 'reference');
});

test('the reference shows the fields of the request and of the response of a route', async (t) => {
  const page = await open(t);
  await entryOf(page, 'post', '/users/').click();
  for (const [part, name] of [
    ['api-request', 'username'],
    ['api-response', 'message'],
  ]) {
    await page.locator(part).getByRole('button', { name: 'SCHEMA' }).first().click();
    await page.locator(`${part} schema-table`).getByText(name).first().waitFor();
  }
});

test('dereference replaces each reference by its target, unless the target contains the reference', async () => {
  const text = JSON.stringify(dereference(await readDocument()));
  assert.doesNotMatch(text, /"\$ref"/);
  const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/a~1b' } } };
  const { paths, components } = dereference({
    paths: { '/': { $ref: '#/components/schemas/a~1b', description: 'the first' } },
    components: { schemas: { 'a/b': node } },
  });
  assert.deepEqual(paths['/'], { ...node, description: 'the first' });
  assert.deepEqual(components.schemas['a/b'].properties.next, node);
  assert.throws(() => dereference({ paths: { $ref: '#/nothing' } }), /the document has no #\/nothing/);
});

test('"try it" sends a request, which creates a user', async (t) => {
  const page = await open(t);
  await tryIt(page, 'post', '/users/', { username: 'bob', email: 'bob@example.com' });
  await page.getByText('Response Status: Created:201').waitFor();
  const users = (await server.request('GET', '/users/?username=bob')).json();
  assert.equal(users[0]?.email, 'bob@example.com');
  await takePicture(page, 'reference-tried');
});

test('the body of a request is shown before "try it" sends it', async (t) => {
  const page = await open(t);
  await entryOf(page, 'post', '/users/').click();
  const body = page.locator('textarea.request-body-param-user-input').first();
  await body.waitFor({ state: 'visible' });
  assert.match(await body.inputValue(), /"username"/);
});

test('if the server requires no credentials, the reference reports that they are not required', async (t) => {
  const page = await open(t);
  await entryOf(page, 'post', '/users/').click();
  await page.getByText('Not Required').first().waitFor();
  assert.equal(await page.getByText('None Applied').count(), 0);
});

test('the page reports that the reference is loading, or that it could not be loaded', async (t) => {
  const page = await browser.open(t, server, '/docs', { statuses: [503] });
  await page.locator('.endpoint-head').or(page.locator('[id="link-get-/users/"]')).first().waitFor();
  assert.equal(await page.getByText('Loading the reference…').count(), 0);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/openapi.json', async (route) => {
    await held;
    await route.fulfill({ status: 503, body: '' });
  });
  await page.reload();
  await page.getByText('Loading the reference…').waitFor();
  release();
  await page.getByText('The reference could not be loaded').waitFor();
});

test('if the server refuses the request of "try it", the status and the reason are shown', async (t) => {
  const page = await open(t, { statuses: [422] });
  await tryIt(page, 'post', '/users/', { username: '', email: 'nowhere' });
  await page.getByText(/Response Status: .*:422/).waitFor();
  await page.getByText('must have 1 to 100 characters').waitFor();
});

test('"try it" sends the token that was entered, if the server needs one', async (t) => {
  const guarded = await Atrium.start(t, ['auth.mode=token']);
  const token = await guarded.makeToken('reference', ['users:read']);
  const page = await open(t, { target: guarded, statuses: [401] });
  await tryIt(page, 'get', '/users/');
  await page.getByText(/Response Status: .*:401/).waitFor();
  await page.getByText('Authentication', { exact: true }).first().click();
  await page.getByPlaceholder('api-token').fill(token);
  await page.getByRole('button', { name: 'SET' }).click();
  await tryIt(page, 'get', '/users/');
  await page.getByText('Response Status: OK:200').waitFor();
});

test('the header of the page has working links to the console, GraphiQL, /openapi.json and /asyncapi.json', async (t) => {
  const page = await open(t);
  const targets = await page.locator('header nav a').evaluateAll((links) => links.map((each) => each.getAttribute('href')));
  assert.deepEqual(targets, ['/console/', '/graphql/', '/openapi.json', '/asyncapi.json']);
  for (const target of targets) {
    const answer = await fetch(server.origin + target, { headers: { Accept: 'text/html, */*;q=0.8' } });
    assert.equal(answer.status, 200, target);
  }
});

test('on a phone, the reference shows all routes in one column, which is not wider than the screen', async (t) => {
  const { paths } = await readDocument();
  const page = await open(t, { width: 390, theme: 'dark' });
  const names = page.locator('.endpoint-head .path');
  await eventually(async () => (await names.count()) > 0, 'the routes');
  const listed = (await names.allInnerTexts()).map((each) => each.replace(/\s/g, ''));
  for (const route of Object.keys(paths)) assert.ok(listed.includes(route), route);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  await takePicture(page, 'reference-phone');
});

test('the content security policy of /docs allows only scripts of this server, and no other host', async () => {
  const answer = await fetch(`${server.origin}/docs`);
  const policy = answer.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'; script-src 'self'; /);
  assert.doesNotMatch(policy, /unsafe-eval|script-src [^;]*unsafe-inline|https?:|\*/);
});
