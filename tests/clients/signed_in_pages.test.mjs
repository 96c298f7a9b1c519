// Tests pages from other origins in a browser whose user has signed in to the server, with a session that may do everything. A
// page from another port of the same host is the most dangerous: browsers send the cookie with its requests, because SameSite
// ignores ports.
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

let cookie;

/** Signs in with the link for the first administrator, and creates data that the attacks could change or read. */
async function fill(server) {
  const link = await eventually(() => server.output.match(/(\/session\/first\?code=\S+)/)?.[1], 'the link');
  const begun = await server.request('GET', link, undefined, { Accept: 'application/json' });
  assert.equal(begun.status, 200, begun.text);
  cookie = begun.headers['set-cookie'][0].match(/^([^=]+)=([^;]+)/).slice(1);
  const made = await ask('POST', '/users/', { username: 'ann', email: 'ann@example.com' });
  assert.equal(made.status, 201, made.text);
  const token = await ask('POST', '/tokens', { name: 'ci', scopes: ['users:read'] });
  assert.equal(token.status, 201, token.text);
}
const server = Atrium.forAllTests(fill, ['auth.mode=token']);

/** Sends a request with the session. */
const ask = (method, target, body) => server.request(method, target, body, { Cookie: cookie.join('=') });

/** Opens a page in a browser that has the cookie of the session. */
function visit(t, url) {
  const [name, value] = cookie;
  return open(t, url, [{ name, value, url: server.origin, httpOnly: true, sameSite: 'Strict' }]);
}

/** The part of the server's state that the attacks of these tests could change. */
async function state() {
  const parts = await Promise.all(['/users/', '/orders/', '/tokens', '/sessions'].map((each) => ask('GET', each)));
  for (const each of parts) assert.equal(each.status, 200, each.text);
  const { drained } = (await ask('GET', '/readyz')).json();
  return [...parts.map((each) => each.text.replace(/"used":("[^"]*"|null)/g, '')), drained];
}

// The next functions run in the page. Each returns what the page can observe.

/** Loads a URL as a part of the page. Returns whether the browser could use it. */
function embed({ tag, attribute, url }) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve('loaded');
    element.onerror = () => resolve('failed');
    if (tag === 'link') element.rel = 'stylesheet';
    element[attribute] = url;
    document.head.append(element);
  });
}

/** Shows a URL in a frame. Returns the text of the frame if the page can read it. */
function frame(url) {
  return new Promise((resolve) => {
    const element = document.createElement('iframe');
    element.onload = () => {
      try {
        resolve(element.contentDocument?.body.textContent ?? '');
      } catch {
        resolve('');
      }
    };
    element.src = url;
    document.body.append(element);
  });
}

/** Asks the browser to send the cookie of the session. */
const credentials = 'include';
const queryUrl = (query) => `${server.url}?query=${encodeURIComponent(query)}`;
const forms = {
  '/users/': mallory,
  '/tokens': { name: 'mallory', scopes: 'admin' },
  '/session': { token: 'x' },
  '/session/end': {},
};

/** Sends all kinds of requests that a page can send without the permission of the server. */
async function attack(page) {
  for (const [target, fields] of Object.entries(forms))
    for (const encoding of encodings) {
      const url = server.origin + target;
      const [answer] = await Promise.all([page.waitForResponse(url), page.evaluate(submit, { url, encoding, fields })]);
      assert.equal(answer.status(), 403, `${target} ${encoding}`);
    }
  for (const target of ['/users/', '/orders/', '/tokens', '/session/end', '/events/drain', '/graphql/'])
    for (const type of simpleTypes) {
      const url = server.origin + target;
      const body = JSON.stringify({ query: mutation });
      const headers = type ? { 'Content-Type': type } : {};
      const options = { method: 'POST', mode: 'no-cors', credentials, headers, body: type && body };
      const [answer] = await Promise.all([page.waitForResponse(url), page.evaluate(fetchFrom, { url, options })]);
      assert.equal(answer.status(), 403, `${target} ${type}`);
    }
  for (const [method, target] of [
    ['POST', '/graphql/'],
    ['PATCH', '/users/1'],
    ['DELETE', '/users/1'],
    ['DELETE', '/tokens/ci'],
    ['DELETE', '/sessions/1'],
    ['DELETE', '/session'],
  ]) {
    const headers = { 'Content-Type': 'application/json' };
    const options = { method, credentials, headers, body: JSON.stringify({ query: mutation }) };
    assert.equal(await page.evaluate(fetchFrom, { url: server.origin + target, options }), 'failed', `${method} ${target}`);
  }
}

/** Tries to read the responses to all kinds of requests that a page can send. */
async function spy(page) {
  const targets = ['/users/', '/users/1', '/tokens', '/sessions', '/session', '/metrics', '/readyz', '/events'];
  const urls = [...targets.map((each) => server.origin + each), queryUrl('{ allUsers { email } }'), queryUrl(mutation)];
  for (const url of urls) {
    assert.equal(await page.evaluate(fetchFrom, { url, options: { credentials } }), 'failed', url);
    for (const [tag, attribute] of Object.entries({ img: 'src', script: 'src', link: 'href' }))
      assert.equal(await page.evaluate(embed, { tag, attribute, url }), 'failed', `${tag} ${url}`);
    assert.equal(await page.evaluate(frame, url), '', url);
  }
  for (const url of [queryUrl('subscription { events { seq } }'), `${server.origin}/events/stream`])
    assert.equal(await page.evaluate(listenTo, { url, options: { withCredentials: true } }), 'failed', url);
  assert.equal(await page.evaluate(connectTo, server.webSocketUrl), 'failed');
}

test("the session of the browser works on the server's own pages", async (t) => {
  const { page } = await visit(t, server.url);
  const read = (target) => page.evaluate(fetchFrom, { url: server.origin + target, options: { credentials } });
  assert.match(await read('/session'), /session:first-administrator/);
  assert.match(await read('/users/'), /ann@example.com/);
  assert.equal(await page.evaluate(connectTo, server.webSocketUrl), 'open');
});

for (const host of ['127.0.0.1', 'localhost', 'evil.example'])
  test(`a page of ${host} on another port can change nothing and read nothing with the session of its visitor`, async (t) => {
    const before = await state();
    const { page } = await visit(t, `http://${host}:${sitePort()}/`);
    await attack(page);
    await spy(page);
    assert.deepEqual(await state(), before);
  });

test('a page at a foreign host name that resolves to the server gets neither the session nor data', async (t) => {
  const before = await state();
  const rebinding = `http://rebind.example:${new URL(server.origin).port}`;
  for (const target of ['/users/', '/session', '/tokens']) {
    const { page, status } = await visit(t, rebinding + target);
    assert.equal(status, 421);
    const options = { method: 'POST', credentials, headers: { 'Content-Type': 'application/json' }, body: '{}' };
    assert.doesNotMatch(await page.evaluate(fetchFrom, { url: rebinding + target, options }), /ann|administrator/);
    assert.equal(await page.evaluate(connectTo, `${rebinding.replace('http', 'ws')}/graphql/`), 'failed');
  }
  assert.deepEqual(await state(), before);
});
