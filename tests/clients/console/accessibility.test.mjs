// Checks every page with axe-core in both themes, and its layout on a phone. With ATRIUM_PICTURES it also makes pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { Atrium, Console, breakHandler, button, deadLetters, eventually, impatient, takePicture } from './console.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const server = Atrium.forAll(async (each) => {
  for (const name of ['ann', 'bert', 'clara']) await each.addUser(name);
  for (let i = 0; i < 12; i += 1) await each.addOrder('ann', ['green tea', 'coffee', 'paper'][i % 3], i + 1);
  breakHandler(each);
  for (let i = 0; i < 3; i += 1) await each.addOrder('bert', 'cups', i + 1);
  await deadLetters(each, 3);
}, impatient);
const console = Console.forAll();

const letterPage = async () => {
  const [{ id }] = (await server.request('GET', '/events/dead-letters')).json();
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

/** Dialogs and states that no address has: [page, what opens them]. */
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

for (const theme of ['light', 'dark']) {
  for (const [name, place] of Object.entries(pages)) {
    test(`the page ${name} has no violation of axe-core in ${theme} colors, and fits a phone`, async (t) => {
      const address = typeof place === 'function' ? await place() : place;
      const page = await console.open(t, server, address, { theme });
      await settle(page);
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-1280-${theme}`);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-390-${theme}`);
    });
  }
  for (const [name, [address, act]] of Object.entries(states)) {
    test(`${name} has no violation of axe-core in ${theme} colors`, async (t) => {
      const page = await console.open(t, server, address, { theme });
      await settle(page);
      await act(page);
      await eventually(() => page.evaluate(() => document.querySelector('dialog[open], .detail')), 'the change');
      assert.deepEqual(await violations(page), []);
      await takePicture(page, `${name}-1280-${theme}`);
    });
  }
}
