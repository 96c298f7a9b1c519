// Tests GraphiQL in a browser: its functions work, and it sends requests to no other host.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Atrium, eventually, patience } from './atrium.mjs';

const pictures = process.env.ATRIUM_PICTURES; // a folder for screenshots, if set

let browser, page;
let errors, foreignUrls;

before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: patience,
  });
  if (pictures) mkdirSync(pictures, { recursive: true });
});
after(() => browser?.close());
const server = Atrium.forAllTests(async (server) => {
  await server.addUser('ann');
  await server.addOrder('ann', 'tea', 2);
});

/** Opens GraphiQL in a new browser context for each test. */
beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(patience);
  page = await context.newPage();
  errors = [];
  foreignUrls = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('requestfailed', (request) => errors.push(`${request.url()}: ${request.failure().errorText}`));
  page.on('response', (answer) => answer.status() >= 400 && errors.push(`${answer.url()}: ${answer.status()}`));
  page.on('websocket', (socket) => checkHost(socket.url()));
  context.on('request', (request) => checkHost(request.url()));
  await page.goto(server.url);
});
afterEach(async () => {
  assert.deepEqual(foreignUrls, []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

function checkHost(url) {
  const { host, protocol } = new URL(url);
  if (protocol !== 'data:' && protocol !== 'blob:' && host !== new URL(server.url).host) foreignUrls.push(url);
}

const takePicture = (name) => pictures && page.screenshot({ path: path.join(pictures, `${name}.png`) });
const result = () => page.locator('.result-window');

/** Replaces the query and waits until GraphiQL has named the tab after the operation `name`. */
async function write(name, query) {
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(query);
  await page.getByRole('tab', { name }).waitFor();
}

/** Waits until the result shows these texts. The editor may replace spaces, so pass a text with spaces as a regular
 *  expression with `\\s`. */
async function expectInResult(...texts) {
  for (const text of texts) await result().getByText(text).first().waitFor();
}

test('GraphiQL opens, and has loaded the schema', async () => {
  await page.getByRole('button', { name: /Show Documentation Explorer/ }).click();
  await page.getByText('Query', { exact: true }).first().waitFor();
  await page.locator('.graphiql-query-editor .view-lines').getByText('allUsers').waitFor();
  await takePicture('opened');
});

test('a query can be typed and run, and its result is shown', async () => {
  await write('Ann', 'query Ann { user(username: "ann") { email orders { edges { node { productName } } } } }');
  await page.getByRole('button', { name: /Execute query/ }).click();
  await expectInResult('"ann@example.com"', '"tea"');
  await takePicture('result');
});

test('the documentation explorer leads from the query type to a type and its fields', async () => {
  await page.getByRole('button', { name: /Show Documentation Explorer/ }).click();
  const explorer = page.locator('.graphiql-plugin');
  await explorer.getByRole('link', { name: 'Query' }).click();
  await explorer.getByRole('link', { name: 'allUsers' }).click();
  await explorer.getByRole('link', { name: 'User' }).first().click();
  await explorer.getByText('A person who can place orders.').waitFor();
  await explorer.getByText('orderCount').waitFor();
  await takePicture('documentation');
});

test('an error in a query is shown with its location', async () => {
  await write('Wrong', 'query Wrong { allUsers { nothing } }');
  await page.keyboard.press('Control+Enter');
  await expectInResult(/Cannot\squery\sfield/, '"line"');
  // The browser reports the status 400, which this test expects, as an error.
  errors = errors.filter((each) => !each.includes('400'));
});

test('a subscription runs, and an order that is placed with REST arrives', async () => {
  await write('Live', 'subscription Live { orderCreated { productName quantity } }');
  await page.getByRole('button', { name: /Execute query/ }).click();
  await page.getByRole('button', { name: /Stop query/ }).waitFor();
  await eventually(async () => {
    await server.addOrder('ann', 'coffee by REST', 7);
    return (await result().innerText()).includes('coffee');
  }, 'the arrival of an order');
  await expectInResult('7');
  await takePicture('subscription');
  await page.getByRole('button', { name: /Stop query/ }).click();
  await page.getByRole('button', { name: /Execute query/ }).waitFor();
});

test('the history lists queries that were run', async () => {
  await write('Remembered', 'query Remembered { allOrders(first: 1) { id } }');
  await page.keyboard.press('Control+Enter');
  await expectInResult('"1"');
  await page.getByRole('button', { name: /Show History/ }).click();
  await page.locator('.graphiql-history').getByText('Remembered').waitFor();
  await takePicture('history');
});

test('an address with a query and variables opens them in a new tab, and other tabs stay', async () => {
  await write('Kept', 'query Kept { allUsers(first: 1) { id } }');
  await eventually(() => page.evaluate(() => localStorage['graphiql:tabState']?.includes('query Kept')), 'the stored tab');
  const query = 'query Given($name: String!) { user(username: $name) { email } }';
  await page.goto(`${server.url}?${new URLSearchParams({ query, variables: '{"name":"ann"}' })}`);
  await page.getByRole('tab', { name: 'Given' }).waitFor();
  await page.getByRole('tab', { name: 'Kept' }).waitFor();
  await page.locator('.graphiql-query-editor .view-lines').getByText('email').waitFor();
  await page.getByText('"ann"').first().waitFor();
  await page.getByRole('button', { name: /Execute query/ }).click();
  await expectInResult('"ann@example.com"');
});

test('the text that a new visitor sees fits in the query editor', async () => {
  await page.getByText('it appears here').waitFor();
  const cut = await page.evaluate(() => {
    const edge = document.querySelector('.graphiql-toolbar').getBoundingClientRect().left;
    const lines = document.querySelectorAll('.graphiql-query-editor .view-line > span');
    return [...lines].filter((each) => each.getBoundingClientRect().right > edge).map((each) => each.textContent);
  });
  assert.deepEqual(cut, []);
});
