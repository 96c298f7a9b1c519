// Checks rules for the description of the API that the linters of lint/ do not check.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Atrium } from '../clients/atrium.mjs';

import { Description } from './description.mjs';

const server = Atrium.forAllTests();
const openapi = async () => (await server.request('GET', '/openapi.json')).json();

test('all schemas in /openapi.json are valid and have no unknown keywords', async () => {
  const description = new Description(await openapi());
  for (const { method, path, operation } of description.operations)
    for (const status of Object.keys(operation.responses))
      description.differences({
        method,
        target: path,
        status: Number(status),
        headers: { 'content-type': 'application/json' },
        body: '{}',
        requestHeaders: {},
      });
  assert.ok(description.operations.length > 40);
});

test('each difference between a response or its request and the description is reported', async () => {
  const description = new Description(await openapi());
  const user = {
    id: 1,
    username: 'ann',
    email: 'a@b',
    order_count: 0,
    last_order_at: null,
    revision: 1,
    created_at: '2026-11-22T12:00:00.000Z',
    updated_at: '2026-11-22T12:00:00.000Z',
  };
  const exchange = {
    method: 'GET',
    target: '/users/1',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
    requestHeaders: {},
  };
  const differences = (changes) => description.differences({ ...exchange, ...changes });
  assert.deepEqual(differences({}), []);
  assert.match(differences({ body: JSON.stringify({ ...user, age: 7 }) })[0], /must NOT have additional properties/);
  assert.match(differences({ body: JSON.stringify({ ...user, id: 'x' }) })[0], /\/id must be integer/);
  assert.match(differences({ status: 418 })[0], /status 418 is not described/);
  assert.match(differences({ headers: { ...exchange.headers, 'x-more': '1' } })[0], /header x-more is not described/);
  assert.match(differences({ headers: { 'content-type': 'text/html' } })[0], /type text\/html is not described/);
  assert.match(differences({ target: '/users/1?age=7' })[0], /parameter age is accepted/);
  assert.match(differences({ target: '/nothing' })[0], /status 200 instead of 404/);
});
