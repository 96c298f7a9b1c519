// Compares everything that the clients of the system tests have sent and received with the description of the API.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { Atrium } from '../clients/atrium.mjs';

import { describeExchange, Description, requireNone, validatorOf } from './description.mjs';

const folder = process.env.ATRIUM_RECORDINGS;

/** Routes for which the recorded clients get no successful response: streams do not end, browsers load files and begin
 *  sessions, the tests of tokens have clients of their own, and a resend needs a broker. */
const notRecorded = new Set([
  'follow_events',
  'get_graphiql_file',
  'get_console_file',
  'get_reference_file',
  'begin_session',
  'remove_session',
  'create_token',
  'revoke_token',
  'resend_events',
]);

const objectOf = (headers) => Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));

function* exchanges() {
  for (const file of readdirSync(folder))
    for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n'))
      if (line) {
        const { request_headers, request_body, headers, ...rest } = JSON.parse(line);
        yield { ...rest, headers: objectOf(headers), requestHeaders: objectOf(request_headers), requestBody: request_body };
      }
}

/** All CloudEvents in a value, at any depth. */
function eventsIn(value) {
  if (value === null || typeof value !== 'object') return [];
  const inside = Object.values(value).flatMap(eventsIn);
  return value.specversion && value.type ? [value, ...inside] : inside;
}

const server = Atrium.forAllTests();

test('every recorded request and response is as described, and each route was used', async () => {
  const description = new Description((await server.request('GET', '/openapi.json')).json());
  const differences = new Map(); // an example of each difference
  const used = new Set();
  let count = 0;
  for (const exchange of exchanges()) {
    ++count;
    const operation = description.findOperation(exchange.method, exchange.target.split('?')[0]);
    if (operation && exchange.status < 400) used.add(operation.operationId);
    for (const each of description.differences(exchange)) {
      const key = `${exchange.method} ${description.findPath(exchange.target.split('?')[0])}: ${each}`;
      if (!differences.has(key)) differences.set(key, `${key}\n    ${describeExchange(exchange)}`);
    }
  }
  console.log(`${count} requests were compared`);
  requireNone([...differences.values()]);
  const unused = description.operations
    .map(({ operation }) => operation.operationId)
    .filter((id) => !used.has(id) && !notRecorded.has(id));
  assert.deepEqual(unused, [], 'no recorded test has used these routes with success');
});

test('every recorded event about an action of an operator has the data that its topic describes', async () => {
  const { components } = (await server.request('GET', '/asyncapi.json')).json();
  const errorsOf = validatorOf(components.schemas, true);
  const references = new Map(Object.keys(components.schemas).map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
  const differences = new Set();
  const topics = new Set();
  for (const { headers, body, target } of exchanges()) {
    if (!target.startsWith('/events/') || headers['content-type'] !== 'application/json' || !body) continue;
    for (const { type, data } of eventsIn(JSON.parse(body)).filter(({ type }) => type.startsWith('operations.'))) {
      topics.add(type);
      const errors = references.has(type) ? errorsOf(references.get(type), data) : ['is not described'];
      for (const each of errors) differences.add(`${type}: ${each} in ${JSON.stringify(data)}`);
    }
  }
  console.log('topics:', [...topics].sort().join(' '));
  requireNone([...differences]);
  assert.ok(topics.size > 0);
});
