// Checks every page in both themes: axe-core finds no violation, the content does not move while it loads, and the layout fits
// a phone. The dark pages are opened with a session, the light ones without one. If ATRIUM_PICTURES is set, the
// tests also save pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import {
  Server,
  Console,
  bearer,
  breakHandler,
  button,
  createToken,
  awaitDeadLetters,
  eventually,
  impatient,
  signIn,
  takePicture,
} from './console.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let token;

async function fill(server, headers) {
  const create = async (target, body) => {
    const { status, text } = await server.request('POST', target, body, headers);
    assert.equal(status, 201, text);
  };
  for (const name of ['ann', 'bert', 'clara']) await create('/users/', { username: name, email: `${name}@example.com` });
  const order = (username, product, quantity) => create('/orders/', { username, product_name: product, quantity });
  for (let i = 0; i < 12; i += 1) await order('ann', ['green tea', 'coffee', 'paper'][i % 3], i + 1);
  breakHandler(server);
  for (let i = 0; i < 3; i += 1) await order('bert', 'cups', i + 1);
  await awaitDeadLetters(server, 3);
}

const console = Console.forAllTests();
const servers = {
  light: Server.forAllTests((each) => fill(each), impatient),
  dark: Server.forAllTests(
    async (each) => {
      token = await createToken(each, 'root', 'admin');
      await fill(each, bearer(token));
    },
    [...impatient, 'auth.mode=token'],
  ),
};

/** Opens a page. The dark theme uses the server that requires a session. */
async function open(t, address, theme) {
  const statuses = theme === 'dark' ? [401] : [];
  const page = await console.open(t, servers[theme], address, { theme, statuses, hasSession: false });
  if (theme === 'dark') {
    await signIn(page, token);
    await page.getByText('token:root').first().waitFor();
    await page.goto(address);
  }
  return page;
}

const letterPage = async (theme) => {
  const [{ id }] = (await servers[theme].request('GET', '/events/dead-letters', undefined, bearer(token))).json();
  return `/console/events/dead-letters/${id}`;
};

const pages = {
  house: '/',
  now: '/console/now',
  users: '/console/entities/users',
  user: '/console/entities/users/1',
  'new-order': '/console/entities/orders/new',
  events: '/console/events',
  event: '/console/events/16',
  subscriptions: '/console/events/subscriptions',
  subscription: '/console/events/subscriptions/users.order_statistics',
  'dead-letters': '/console/events/dead-letters',
  'dead-letter-list': '/console/events/dead-letters?view=list',
  'dead-letter': letterPage,
  operations: '/console/events/operations',
  archive: '/console/events/archive',
  publish: '/console/events/publish',
  requests: '/console/requests',
  api: '/console/api',
  system: '/console/system',
  'sign-in': '/console/sign-in',
};

/** Dialogs and states that have no address of their own: [page, function that opens the dialog or state]. */
const states = {
  help: ['/console/entities/users', (page) => page.keyboard.press('?')],
  edit: ['/console/entities/orders/1', (page) => button(page, 'Edit').click()],
  delete: ['/console/entities/users/1', (page) => button(page, 'Delete').click()],
  discard: ['/console/events/dead-letters', (page) => button(page, 'Discard…').first().click()],
  'event-selected': [
    '/console/events',
    (page) =>
      page
        .getByRole('button', { name: /Details of/ })
        .first()
        .click(),
  ],
};

async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
  );
}

/** Waits until nothing is loading. */
async function settle(page) {
  await page.locator('h1').waitFor();
  await eventually(() => page.evaluate(() => !document.querySelector('[aria-busy=true], .skeleton')), 'the end of loading');
  await page.evaluate(() => document.fonts.ready);
}

/**
 * Measures the cumulative layout shift: how much of the visible content has moved while the page was loading
 * (https://web.dev/cls). Less than 0.1 counts as good.
 */
const measureShift = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput } of list.getEntries()) sum += hadRecentInput ? 0 : value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 100); // the observer delivers earlier entries asynchronously
      }),
  );

for (const theme of ['light', 'dark']) {
  for (const [name, place] of Object.entries(pages)) {
    test(`in ${theme} colors, the page ${name} keeps still while it loads, fits a phone, and passes axe-core`, async (t) => {
      const address = typeof place === 'function' ? await place(theme) : place;
      const page = await open(t, address, theme);
      await settle(page);
      assert.ok((await measureShift(page)) < 0.05, 'the visible content moves');
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-1280-${theme}`);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-390-${theme}`);
    });
  }
  for (const [name, [address, act]] of Object.entries(states)) {
    test(`in ${theme} colors, the dialog or state ${name} passes axe-core`, async (t) => {
      const page = await open(t, address, theme);
      await settle(page);
      await act(page);
      await eventually(() => page.evaluate(() => document.querySelector('dialog[open], .detail')), 'the change');
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-1280-${theme}`);
    });
  }
}
