// Tests the functions of the console that exist only with two processes and a broker between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Console, Server, button, readColumn, dialog, eventually, expectColumn, awaitPage, link, table } from './console.mjs';

const server = Server.forAllTests(async (each) => {
  await each.addUser('ann');
  await each.addOrder('ann', 'tea');
  await eventually(async () => (await each.request('GET', '/users/1')).json().order_count === 1, 'the first order in users');
});
const console = Console.forAllTests();

const otherModule = { users: 'orders', orders: 'users' };
const tables = { users: 'Users', orders: 'Orders' };
const statistics = 'users.order_statistics';
const broker = (page) => page.locator('.facts', { hasText: 'Adapter' });

for (const [own, other] of Object.entries(otherModule)) {
  test(`the house of ${own} shows that ${other} runs in another process`, async (t) => {
    const page = await console.open(t, server[own], '/');
    const drawing = page.getByRole('region', { name: 'Drawing of the house' });
    await drawing.locator('.module:not(.elsewhere)', { hasText: own }).waitFor();
    await drawing.locator('.module.elsewhere', { hasText: other }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page
      .getByRole('region', { name: `Module ${other}` })
      .getByText('in another process')
      .waitFor();
    assert.equal(
      await page
        .getByRole('region', { name: `Module ${own}` })
        .getByText('in another process')
        .count(),
      0,
    );
  });

  test(`the console of ${own} has no list of ${other}, and shows a link to the house instead`, async (t) => {
    const page = await console.open(t, server[own], `/console/entities/${own}`);
    await awaitPage(page, tables[own]);
    await expectColumn(page, tables[own], 'Id', ['1']);
    assert.equal(await link(page.getByRole('navigation', { name: 'Main' }), tables[other]).count(), 0);
    await page.goto(`/console/entities/${other}`);
    await awaitPage(page, 'There is no such list');
    await link(page.locator('main'), 'House').click();
    await awaitPage(page, 'House');
  });

  test(`every page of the console of ${own} opens without an alert`, async (t) => {
    const page = await console.open(t, server[own], '/console/now');
    for (const [address, title] of [
      ['/console/now', 'Now'],
      ['/console/events/dead-letters', 'Dead letters'],
      ['/console/events/operations', 'Operations'],
      ['/console/events/archive', 'Archive'],
      ['/console/events/publish', 'Publish an event'],
      ['/console/requests', 'Requests'],
      ['/console/api', 'API'],
      ['/console/system', 'System'],
    ]) {
      await page.goto(address);
      await awaitPage(page, title);
      await eventually(() => page.evaluate(() => !document.querySelector('[aria-busy=true], .skeleton')), 'the end of loading');
      assert.equal(await page.getByRole('alert').count(), 0, address);
    }
  });
}

test('an event of orders appears in the event log of users without a reload', async (t) => {
  const page = await console.open(t, server.users, '/console/events');
  await page.locator('main .status').getByText('Live').waitFor();
  const order = await server.addOrder('ann', 'distant tea'); // style: as is
  await table(page, 'Events, newest first').getByText('distant tea').waitFor();
  await table(page, 'Events, newest first').getByText(`order/${order.id}`, { exact: true }).waitFor();
  assert.equal(await link(page, `order/${order.id}`).count(), 0); // its page is in the other process
});

test('in orders, the journey of an event ends at the broker, and in users, it shows that the event was handled', async (t) => {
  const page = await console.open(t, server.orders, '/console/events/1');
  const steps = page.locator('.timeline .step');
  await steps.filter({ hasText: statistics }).getByText('at broker').waitFor();
  await steps.filter({ hasText: 'events.relay' }).getByText('handled').waitFor();
  // No subscription of this process that could be replayed has handled the event.
  assert.equal(await page.getByRole('button', { name: /^Replay to/ }).count(), 0);
  const [{ seq }] = (await server.users.request('GET', '/events/?key=order/1')).json();
  const arrival = await console.open(t, server.users, `/console/events/${seq}`);
  await arrival.locator('.timeline .step', { hasText: statistics }).getByText('handled').waitFor();
  await arrival.getByText('by /atrium/orders').waitFor();
});

test('a page explains why a subscription of another process cannot be paused or replayed in this process', async (t) => {
  const page = await console.open(t, server.orders, '/console/events/subscriptions');
  await expectColumn(page, 'Subscriptions', 'State', ['active', 'active', 'active', 'not handled here']);
  const pause = button(page, `Pause ${statistics}`);
  assert.match(await pause.getAttribute('aria-description'), /does not run in this process/);
  await pause.click({ force: true });
  assert.equal(await dialog(page).count(), 0);
  await link(page, statistics).click();
  assert.match(await button(page, 'Replay…').getAttribute('aria-description'), /does not run in this process/);
  await page.goto('/console/events/subscriptions/events.relay');
  assert.match(await button(page, 'Replay…').getAttribute('aria-description'), /has no handler/);
});

test('while the relay is paused, events wait in orders, and once it is resumed, users receives them', async (t) => {
  const page = await console.open(t, server.orders, '/console/events/subscriptions/events.relay');
  await button(page, 'Pause events.relay').click();
  await button(dialog(page), 'Pause').click();
  await page.locator('.verbs').getByText('paused').waitFor();
  await server.addOrder('ann', 'late tea');
  await page.locator('.figure', { hasText: 'Pending' }).locator('dd', { hasText: /^1/ }).waitFor();
  const before = (await server.users.request('GET', '/users/1')).json().order_count;
  await button(page, 'Resume events.relay').click();
  await button(dialog(page), 'Resume').click();
  await page.locator('.verbs').getByText('active').waitFor();
  await eventually(
    async () => (await server.users.request('GET', '/users/1')).json().order_count > before,
    'the order in users',
  );
});

test('before events are sent to the broker again, their number is shown', async (t) => {
  const page = await console.open(t, server.orders, '/console/events/subscriptions', { statuses: [404] });
  await button(page, 'Send again…').click();
  const send = button(dialog(page), 'Send');
  assert.equal(await send.getAttribute('aria-description'), 'Write the name of the subscription.');
  await dialog(page).getByLabel('Subscription').fill('users.nothing');
  await dialog(page).getByRole('alert').getByText('there is no such subscription').waitFor();
  await dialog(page).getByLabel('Subscription').fill(statistics);
  await dialog(page).getByLabel('Topic').fill('orders.order_created');
  await dialog(page).getByLabel('To', { exact: true }).fill('1');
  await dialog(page).getByText('1 event matches. Nothing is changed yet.').waitFor();
  await dialog(page).getByLabel('Reason').fill('users was restored');
  await button(dialog(page), 'Send 1').click();
  await dialog(page).getByText('Sent 1 of 1 event').waitFor();
  await button(dialog(page).locator('footer'), 'Close').click();
  await link(page, 'Operations').click();
  await expectColumn(page, 'Actions on many events, newest first', 'Action', ['resend']);
  await expectColumn(page, 'Actions on many events, newest first', 'Reason', ['users was restored']);
});

test('a drained server shows that it is drained, and sends waiting events after its next start', async (t) => {
  const page = await console.open(t, server.orders, '/console/events/subscriptions');
  await broker(page).getByText(', connected').waitFor();
  await button(page, 'Drain…').click();
  await button(dialog(page), 'Cancel').click();
  assert.equal((await server.orders.request('GET', '/readyz')).json().drained, false);
  await button(page, 'Drain…').click();
  await button(dialog(page), 'Drain').click();
  await page.getByText('The broker has nothing of this server any more').waitFor();
  await broker(page).getByText('yes: nothing of this server is at the broker').waitFor();
  await broker(page).getByText('not ready').waitFor();

  const before = (await server.users.request('GET', '/users/1')).json().order_count;
  await server.addOrder('ann', 'waiting tea');
  await page.goto('/console/events/subscriptions/events.relay');
  await page.locator('.figure', { hasText: 'Pending' }).locator('dd', { hasText: /^1/ }).waitFor();
  await server.orders.restart();
  await eventually(
    async () => (await server.users.request('GET', '/users/1')).json().order_count > before,
    'the order in users',
  );
});
