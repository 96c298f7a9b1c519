// For tests of pages from other origins: a browser, a foreign site, and the attacks that a page of this site can try. Importing
// this file starts the browser and the site before the tests of a file, and stops them afterwards.
import { once } from 'node:events';
import http from 'node:http';
import { after, before } from 'node:test';

import { chromium } from 'playwright-core';

import { atEndOf, patience } from './atrium.mjs';

let browser;

/** A site with a blank page at every path. Its host names resolve to this machine, as the host names of an attacker can. */
export const site = http.createServer((_, answer) =>
  answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>site</title>'),
);
export const sitePort = () => site.address().port;

before(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.example 127.0.0.1'],
    timeout: patience,
  });
});
after(async () => {
  await browser?.close();
  site.closeAllConnections();
  site.close();
});

/** Opens a page in a new browser context with these cookies. */
export async function open(t, url, cookies = []) {
  const context = await browser.newContext();
  atEndOf(t, () => context.close());
  context.setDefaultTimeout(patience);
  await context.addCookies(cookies);
  const page = await context.newPage();
  const answer = await page.goto(url);
  return { page, status: answer.status() };
}

/** The content types that a form, or a script without the permission of the server, can send. */
export const encodings = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
export const simpleTypes = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', undefined];

/** The user that the attacks try to create. */
export const mallory = { username: 'mallory', email: 'mallory@example.com' };
export const mutation = 'mutation { createUser(input: {username: "mallory", email: "mallory@example.com"}) { id } }';

// The next functions run in the page. Each returns what the page can observe, except `submit`, which returns nothing.

/** Returns 'sent' for a request without CORS, the text of the response to a request with CORS, or 'failed'. */
export async function fetchFrom({ url, options }) {
  try {
    const answer = await fetch(url, options);
    return options?.mode === 'no-cors' ? 'sent' : await answer.text();
  } catch {
    return 'failed';
  }
}

export function listenTo({ url, options }) {
  return new Promise((resolve) => {
    const source = new EventSource(url, options);
    const end = (outcome) => (source.close(), resolve(outcome));
    source.onopen = () => end('open');
    source.onmessage = () => end('message');
    source.onerror = () => end('failed');
  });
}

export function connectTo(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    socket.onopen = () => (socket.close(), resolve('open'));
    socket.onclose = () => resolve('failed');
  });
}

/** Submits a form into a frame, as a click would. */
export function submit({ url, encoding, fields }) {
  document.body.innerHTML = `<iframe name="sink"></iframe>
    <form method="post" action="${url}" enctype="${encoding}" target="sink"></form>`;
  const form = document.querySelector('form');
  for (const [name, value] of Object.entries(fields))
    form.append(Object.assign(document.createElement('input'), { name, value }));
  form.submit();
}
