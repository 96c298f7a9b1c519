// Opens the console in a browser for a test. The test fails if the page logs an error, violates its content security policy, or
// sends a request to another host.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';

import { chromium } from 'playwright-core';

import { atEndOf, bearer, eventually, patience } from '../atrium.mjs';
import { Server, isSplit } from '../split.mjs';

const run = promisify(execFile);
const pictures = process.env.ATRIUM_PICTURES; // a folder for screenshots, if set

/** The message that a browser logs about a response with an error status. A test lists the statuses that it expects. */
const failedResponse = /^Failed to load resource: the server responded with a status of (\d+)/;
/** The message that a browser logs about a response that was lost because the server has been stopped. */
const lostResponse = /^Failed to load resource: net::ERR_/;

export class Console {
  #browser;

  /** One browser for all tests of a file. */
  static forAllTests() {
    const console = new Console();
    before(async () => {
      console.#browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
        timeout: patience,
      });
      if (pictures) mkdirSync(pictures, { recursive: true });
    });
    after(() => console.#browser?.close());
    return console;
  }

  /**
   * Opens an address of the console in a browser context of its own. If the member `token` of the server is set, the context
   * gets a session with this token, unless `hasSession` is false. `statuses` are the error statuses that the test provokes.
   * `stopsServer` means that the test stops the server, so responses may be lost.
   */
  async open(t, server, address, options = {}) {
    const { width = 1280, height = 860, theme = 'light', statuses = [], hasSession = true, stopsServer = false } = options;
    const { origin, token } = server.processFor(address);
    const context = await this.#browser.newContext({
      baseURL: origin,
      viewport: { width, height },
      colorScheme: theme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(patience);
    const faults = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (stopsServer && lostResponse.test(message.text())) return;
      const status = message.text().match(failedResponse)?.[1];
      if (['error', 'warning'].includes(message.type()) && !statuses.includes(Number(status))) faults.push(message.text());
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) faults.push(`a request to ${request.url()}`);
    });
    atEndOf(t, async () => {
      assert.deepEqual(faults, []);
      await context.close();
    });
    if (token && hasSession) await context.request.post('/session', { data: { token }, failOnStatusCode: true });
    await page.goto(address);
    return page;
  }
}

/** Waits for the page with this title. */
export const awaitPage = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

export const button = (scope, name) => scope.getByRole('button', { name, exact: true });
export const link = (scope, name) => scope.getByRole('link', { name, exact: true });
export const table = (page, name) => page.getByRole('table', { name });
export const dialog = (page) => page.getByRole('dialog');

/** Returns the texts of the column with the title `head`. */
export async function readColumn(page, tableName, head) {
  return table(page, tableName).evaluate((element, name) => {
    const index = [...element.tHead.rows[0].cells].findIndex((each) => each.textContent.startsWith(name));
    return [...element.tBodies[0].rows].filter((each) => 'row' in each.dataset).map((each) => each.cells[index].textContent);
  }, head);
}

/** Waits until the column has these texts. */
export async function expectColumn(page, tableName, head, texts) {
  let last;
  try {
    await eventually(async () => {
      last = (await table(page, tableName).count()) ? await readColumn(page, tableName, head) : undefined;
      return JSON.stringify(last) === JSON.stringify(texts);
    }, `the column ${head}`);
  } catch {
    assert.deepEqual(last, texts);
  }
}

/** Waits until the clipboard has a text that matches `pattern`, and returns this text. */
export const awaitCopy = (page, pattern) =>
  eventually(async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return pattern.test(text) && text;
  }, `a copy of ${pattern}`);

/** Runs in a shell a command that the console of this process shows, and returns the output. */
export async function runCommand({ token }, command) {
  const environment = { ...process.env, ...(token && { TOKEN: token }) };
  return (await run('sh', ['-c', `${command} -s`], { env: environment })).stdout;
}

export const takePicture = (page, name) => pictures && page.screenshot({ path: path.join(pictures, `${name}.png`) });

/** Executes an SQL statement in the database of a server that runs. */
function execute({ database }, statement) {
  const program = 'import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None).execute(sys.argv[2])';
  execFileSync('python3', ['-c', program, database, statement]);
}

/**
 * Adds events of orders to the journal of users: many more than a test could cause with requests. They have not been delivered
 * to any subscription. `age` is in seconds.
 */
export function addEvents(server, count, age = 0) {
  execute(
    server.users,
    `INSERT INTO events_log (id, source, topic, key, priority, time, traceparent, data)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
     SELECT 'added-' || i, '/atrium/orders', 'orders.order_created', 'order/' || (1000000 + i), 4,
            (unixepoch() - ${age}) * 1000, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
            json_object('order_id', 1000000 + i, 'user_id', 1, 'user', 'ann', 'product_name', 'tea', 'quantity', 1,
                        'status', 'placed', 'revision', 1)
     FROM n`,
  );
}

/** The reason with which the handler of `users.order_statistics` fails after `breakHandler`. */
export const failure = 'the mail service did not respond within 5000 ms';

/** Makes the handler of `users.order_statistics` fail, as if a service that it needs had failed. */
export function breakHandler(server) {
  execute(
    server.users,
    `CREATE TRIGGER broken BEFORE UPDATE OF order_count ON users_account BEGIN SELECT RAISE(ABORT, '${failure}'); END`,
  );
}

export const repairHandler = (server) => execute(server.users, 'DROP TRIGGER broken');

/** Settings with which a failing delivery becomes a dead letter after its first attempt. */
export const impatient = ['events.retry.attempts=1'];

/** Waits until the server has this number of dead letters. */
export const awaitDeadLetters = (server, count) =>
  eventually(async () => (await server.request('GET', '/readyz')).json().bus.dead_letters === count, `${count} dead letters`);

/** Creates a token for the process of users, with `atrium token create`, and waits until the process accepts it. */
export async function createToken(server, name, ...scopes) {
  const token = await server.users.makeToken(name, scopes);
  const isAccepted = async () => (await server.users.request('GET', '/session', undefined, bearer(token))).status === 200;
  await eventually(isAccepted, 'the acceptance of the token');
  return token;
}

export async function signIn(page, token) {
  await page.getByLabel('Token').fill(token);
  await button(page, 'Sign in').click();
}

export { Server, bearer, eventually, isSplit };
