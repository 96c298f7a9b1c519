// Tests the page with plots of the last hour.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, button, eventually, awaitPage, takePicture } from './console.mjs';

const server = Server.forAllTests((each) => each.addUser('ann'));
const console = Console.forAllTests();

const values = (page, title) => page.getByRole('figure', { name: title }).locator('.legend').innerText();

test('the plots show samples of the server, and the newest values as text', async (t) => {
  const page = await console.open(t, server, '/console/now');
  await awaitPage(page, 'Now');
  await eventually(async () => /resident [\d.]+ MiB/.test(await values(page, 'Memory')), 'a sample of the memory');
  assert.match(await values(page, 'Requests per second'), /all\s+[\d.]+\s+4xx\s+[\d.]+\s+5xx\s+0/);
  assert.equal(await page.getByRole('figure').count(), 9);
  await takePicture(page, 'now');
});

test('the range of the plots is part of the address of the page', async (t) => {
  const page = await console.open(t, server, '/console/now?minutes=60');
  assert.equal(await button(page, '1 hour').getAttribute('aria-pressed'), 'true');
  await button(page, '5 min').click();
  assert.equal(new URL(page.url()).search, '?minutes=5');
});

test('paused plots request no samples until the user continues them', async (t) => {
  const page = await console.open(t, server, '/console/now');
  await eventually(async () => /\d/.test(await values(page, 'Memory')), 'a sample');
  await button(page, 'Pause').click();
  let requests = 0;
  page.on('request', (request) => request.url().includes('/console/data/history') && (requests += 1));
  await page.waitForTimeout(6000); // longer than the time between two samples
  assert.equal(requests, 0);
  await button(page, 'Continue').click();
  await eventually(() => requests > 0, 'a request for samples');
});

/** Opens the page with these samples in place of the server's, for plots that a test could not cause in time. */
async function openWith(t, columns, rows) {
  const page = await console.open(t, server, '/console/api');
  const body = JSON.stringify({ interval: 5, columns, rows, rates: {} });
  await page.route('**/console/data/history*', (route) => route.fulfill({ contentType: 'application/json', body }));
  await page.goto('/console/now');
  return page;
}

test('a short peak that exceeds the scale of a plot is marked, and its height is shown as text', async (t) => {
  const now = Math.floor(Date.now() / 5000) * 5;
  const rows = Array.from({ length: 150 }, (_, index) => [now - (149 - index) * 5, index === 1 ? 440 : 3]);
  const page = await openWith(t, ['time', 'requests'], rows);
  await page.getByRole('figure', { name: 'Requests per second' }).getByText('up to 440').waitFor();
  assert.equal(await page.locator('.plot-peak').count(), 1);
});
