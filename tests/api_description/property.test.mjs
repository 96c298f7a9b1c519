// Sends sequences of random requests to the built program. Whatever a client sends, the server does not return 500, returns
// only the statuses and responses that are described, and keeps running.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';

import fc from 'fast-check';

import { Atrium, isSanitized, patience } from '../clients/atrium.mjs';

import { describeExchange, Description } from './description.mjs';
import { existingId, requestTo } from './requests.mjs';

/** Operations that are not tested, because the response is a stream, which does not end. */
const notSent = new Set(['follow_events']);

const server = Atrium.forAllTests(async (started) => {
  for (const name of ['ann', 'bob', 'cyd', 'dan']) await started.addUser(name);
  for (const product of ['tea', 'cups', 'milk']) await started.addOrder('ann', product);
});

let sequences = 0;

/** Adds a user and an order, and returns a function that completes a random request with the id of one of them. Each sequence
 *  of requests gets new ones, because earlier sequences delete entities. */
async function addExistingEntities() {
  sequences += 1;
  const user = await server.addUser(`existing${sequences}`);
  const order = await server.addOrder(user.username, 'tea');
  return (request) => {
    const { id } = request.target.startsWith('/users') ? user : order;
    return { ...request, target: request.target.replace(existingId, id) };
  };
}

const agent = new http.Agent({ keepAlive: true });

function send({ method, target, requestHeaders, requestBody }) {
  return new Promise((resolve, reject) => {
    const headers =
      requestBody === undefined ? requestHeaders : { ...requestHeaders, 'content-length': Buffer.byteLength(requestBody) };
    const request = http.request(server.origin + target, { method, headers, agent, timeout: patience }, async (answer) => {
      try {
        let body = '';
        for await (const part of answer.setEncoding('utf8')) body += part;
        resolve({ status: answer.statusCode, headers: joinValues(answer.headers), body });
      } catch (error) {
        reject(error);
      }
    });
    request.on('timeout', () => request.destroy(new Error('no response')));
    request.on('error', (error) => reject(new Error(`${error.message}: ${method} ${target} ${JSON.stringify(headers)}`)));
    request.end(requestBody);
  });
}

const joinValues = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));

test('random and hostile requests get described responses, and never 500', async () => {
  const description = new Description((await server.request('GET', '/openapi.json')).json());
  const statuses = new Map();
  const accepted = new Set();
  const property = fc.asyncProperty(
    fc.array(requestTo(description, notSent), { minLength: 1, maxLength: 20, size: 'max' }),
    async (requests) => {
      const withExistingId = await addExistingEntities();
      for (const request of requests.map(withExistingId)) {
        const exchange = { ...request, ...(await send(request)) };
        const differences = description.differences(exchange);
        if (exchange.status === 500) differences.push('an internal error');
        assert.deepEqual(differences, [], describeExchange(exchange));
        statuses.set(exchange.status, (statuses.get(exchange.status) ?? 0) + 1);
        if (exchange.status < 300)
          accepted.add(description.findOperation(exchange.method, request.target.split('?')[0])?.operationId);
      }
    },
  );
  // If every request to one of these operations is refused, the test shows little about it. Therefore up to ten rounds are run,
  // until at least one request to each operation has been accepted.
  const needed = [
    'create_user',
    'get_user',
    'update_user',
    'delete_user',
    'list_users',
    'create_order',
    'get_order',
    'update_order',
    'delete_order',
    'list_orders',
    'list_events',
    'post_graphql',
  ];
  const isComplete = () => needed.every((id) => accepted.has(id));
  for (let round = 0; round === 0 || (round < 10 && !isComplete()); round += 1) {
    const outcome = await fc.check(property, { numRuns: isSanitized ? 50 : 150 });
    const { failed, seed, counterexamplePath, errorInstance } = outcome;
    assert.ok(!failed, `seed ${seed}, path ${counterexamplePath}: ${errorInstance?.message}`);
  }
  agent.destroy();
  console.log('responses by status:', Object.fromEntries([...statuses].sort()));
  assert.equal((await server.request('GET', '/readyz')).status, 200);
  assert.doesNotMatch(server.log, /a request failed/);
  for (const id of needed) assert.ok(accepted.has(id), `no request to ${id} was accepted`);
});
