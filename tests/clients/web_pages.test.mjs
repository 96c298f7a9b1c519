// Tests pages of other origins in a browser. They cannot affect a server on the visitor's machine, unless the settings allow
// their origin.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Atrium, eventually } from './atrium.mjs';
import {
  connectTo,
  encodings,
  fetchFrom,
  listenTo,
  mallory,
  mutation,
  open,
  simpleTypes,
  sitePort,
  submit,
} from './foreign_pages.mjs';

const server = Atrium.forAllTests((each) => each.addUser('ann'));

/** The part of the server's state that the attacks of these tests could change. */
async function state() {
  const users = (await server.request('GET', '/users/')).json();
  const ready = (await server.request('GET', '/readyz')).json();
  return { users, drained: ready.drained, sockets: await server.metric('atrium_http_web_sockets') };
}

const subscription = 'subscription { events { seq } }';
const queryUrl = (query) => `${server.url}?query=${encodeURIComponent(query)}`;

for (const host of ['localhost', '127.0.0.1', 'evil.example']) {
  test(`a page of ${host} on another port can change nothing and read nothing`, async (t) => {
    const before = await state();
    const { page } = await open(t, `http://${host}:${sitePort()}/`);

    for (const encoding of encodings) {
      const [answer] = await Promise.all([
        page.waitForResponse(`${server.origin}/users/`),
        page.evaluate(submit, { url: `${server.origin}/users/`, encoding, fields: mallory }),
      ]);
      assert.equal(answer.status(), 403, encoding);
    }

    const form = 'username=mallory&email=mallory%40example.com';
    for (const type of simpleTypes)
      for (const target of ['/users/', '/orders/', '/events/drain', '/graphql/']) {
        const headers = type ? { 'Content-Type': type } : {};
        const options = { method: 'POST', mode: 'no-cors', credentials: 'include', headers, body: type && form };
        const [answer] = await Promise.all([
          page.waitForResponse(server.origin + target),
          page.evaluate(fetchFrom, { url: server.origin + target, options }),
        ]);
        assert.equal(answer.status(), 403, `${target} ${type}`);
      }

    for (const [method, target] of [
      ['PATCH', '/users/1'],
      ['DELETE', '/users/1'],
      ['POST', '/users/'],
      ['POST', '/graphql/'],
    ]) {
      const options = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query: mutation }) };
      assert.equal(await page.evaluate(fetchFrom, { url: server.origin + target, options }), 'failed');
    }
    for (const target of ['/users/', '/users/1', '/readyz', '/metrics'])
      assert.equal(await page.evaluate(fetchFrom, { url: server.origin + target }), 'failed');
    assert.equal(await page.evaluate(fetchFrom, { url: queryUrl('{ allUsers { email } }') }), 'failed');
    assert.equal(await page.evaluate(fetchFrom, { url: queryUrl(mutation) }), 'failed');
    assert.equal(await page.evaluate(listenTo, { url: queryUrl(subscription) }), 'failed');
    assert.equal(await page.evaluate(connectTo, server.webSocketUrl), 'failed');
    assert.deepEqual(await state(), before);
  });
}

test('a foreign host name that resolves to this machine is refused', async (t) => {
  const { port } = new URL(server.origin);
  const { page, status } = await open(t, `http://rebind.example:${port}/users/`);
  assert.equal(status, 421);
  assert.doesNotMatch(await page.content(), /ann@example/);
  assert.equal(await page.evaluate(connectTo, `ws://rebind.example:${port}/graphql/`), 'failed');
});

test('a link on another page opens GraphiQL', async (t) => {
  const { page } = await open(t, `http://evil.example:${sitePort()}/`);
  await page.evaluate((url) => (location.href = url), server.url);
  await page.waitForURL(server.url);
  await page.locator('.graphiql-query-editor').waitFor();
});

test('a page whose origin is in http.cors_origin may call the server like any program', async (t) => {
  const origin = `http://app.example:${sitePort()}`;
  const configured = await Atrium.start(t, [`http.cors_origin=["https://other.example", "HTTP://App.Example:${sitePort()}"]`]);
  const { page } = await open(t, `${origin}/`);
  const headers = { 'Content-Type': 'application/json', baggage: 'a=b', tracestate: 'a=b', 'sentry-trace': '1' };
  const options = { method: 'POST', headers, body: JSON.stringify({ username: 'bob', email: 'bob@example.com' }) };
  assert.match(await page.evaluate(fetchFrom, { url: `${configured.origin}/users/`, options }), /"username":"bob"/);
  assert.match(await page.evaluate(fetchFrom, { url: `${configured.origin}/users/1`, options: {} }), /"username":"bob"/);
  assert.equal(await page.evaluate(listenTo, { url: `${configured.url}?query=${encodeURIComponent(subscription)}` }), 'open');
  assert.equal(await page.evaluate(connectTo, configured.webSocketUrl), 'open');
  await eventually(async () => (await configured.metric('atrium_http_web_sockets')) === 0, 'the end of the WebSocket');
});
