// Tests pages of other origins in a browser. They can do nothing to a server on the visitor's machine, unless their origin is
// in the settings.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Atrium, eventually, patience } from './atrium.mjs';

let browser, site, sitePort;

/** Starts a foreign site with a blank page at every path. Its host names resolve to this machine, as an attacker's may. */
before(async () => {
  site = http.createServer((_, answer) =>
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>site</title>'),
  );
  await once(site.listen(0, '127.0.0.1'), 'listening');
  sitePort = site.address().port;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.example 127.0.0.1'],
    timeout: patience,
  });
});
after(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
});

const server = Atrium.forAll((each) => each.addUser('ann'));

async function open(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const answer = await page.goto(url);
  return { page, status: answer.status() };
}

/** The part of the server's state that the attacks of these tests could change. */
async function state() {
  const users = (await server.request('GET', '/users/')).json();
  const ready = (await server.request('GET', '/readyz')).json();
  return { users, drained: ready.drained, sockets: await server.metric('atrium_http_web_sockets') };
}

// The next functions run in the page. Each returns what the page can observe, except `submit`, which returns nothing.

/** Returns 'sent' for a request without CORS, the text of the response to a request with CORS, or 'failed'. */
async function fetchFrom({ url, options }) {
  try {
    const answer = await fetch(url, options);
    return options?.mode === 'no-cors' ? 'sent' : await answer.text();
  } catch {
    return 'failed';
  }
}

function listenTo(url) {
  return new Promise((resolve) => {
    const source = new EventSource(url);
    const end = (what) => (source.close(), resolve(what));
    source.onopen = () => end('open');
    source.onmessage = () => end('message');
    source.onerror = () => end('failed');
  });
}

function connectTo(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    socket.onopen = () => (socket.close(), resolve('open'));
    socket.onclose = () => resolve('failed');
  });
}

/** Submits a form into a frame, as a click would. */
function submit({ url, encoding }) {
  document.body.innerHTML = `<iframe name="sink"></iframe>
    <form method="post" action="${url}" enctype="${encoding}" target="sink">
      <input name="username" value="mallory"><input name="email" value="mallory@example.com">
    </form>`;
  document.querySelector('form').submit();
}

const subscription = 'subscription { events { seq } }';
const mutation = 'mutation { createUser(input: {username: "mallory", email: "mallory@example.com"}) { id } }';
const queryUrl = (query) => `${server.url}?query=${encodeURIComponent(query)}`;

for (const host of ['localhost', '127.0.0.1', 'evil.example']) {
  test(`a page of ${host} on another port can change nothing and read nothing`, async (t) => {
    const before = await state();
    const { page } = await open(t, `http://${host}:${sitePort}/`);

    for (const encoding of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      const [answer] = await Promise.all([
        page.waitForResponse(`${server.origin}/users/`),
        page.evaluate(submit, { url: `${server.origin}/users/`, encoding }),
      ]);
      assert.equal(answer.status(), 403, encoding);
    }

    const form = 'username=mallory&email=mallory%40example.com';
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', undefined])
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
    assert.equal(await page.evaluate(listenTo, queryUrl(subscription)), 'failed');
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
  const { page } = await open(t, `http://evil.example:${sitePort}/`);
  await page.evaluate((url) => (location.href = url), server.url);
  await page.waitForURL(server.url);
  await page.locator('.graphiql-query-editor').waitFor();
});

test('a page whose origin is in the settings may call the server like any program', async (t) => {
  const origin = `http://app.example:${sitePort}`;
  const configured = await Atrium.start(t, [`http.cors_origin=["https://other.example", "HTTP://App.Example:${sitePort}"]`]);
  const { page } = await open(t, `${origin}/`);
  const headers = { 'Content-Type': 'application/json', baggage: 'a=b', tracestate: 'a=b', 'sentry-trace': '1' };
  const options = { method: 'POST', headers, body: JSON.stringify({ username: 'bob', email: 'bob@example.com' }) };
  assert.match(await page.evaluate(fetchFrom, { url: `${configured.origin}/users/`, options }), /"username":"bob"/);
  assert.match(await page.evaluate(fetchFrom, { url: `${configured.origin}/users/1`, options: {} }), /"username":"bob"/);
  assert.equal(await page.evaluate(listenTo, `${configured.url}?query=${encodeURIComponent(subscription)}`), 'open');
  assert.equal(await page.evaluate(connectTo, configured.webSocketUrl), 'open');
  await eventually(async () => (await configured.metric('atrium_http_web_sockets')) === 0, 'the end of the WebSocket');
});
