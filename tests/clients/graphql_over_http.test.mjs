// GraphQL over HTTP, checked by the specification's own test suite.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { auditServer } from 'graphql-http';

import { Atrium } from './atrium.mjs';

test('all 61 audits of GraphQL over HTTP pass', async (t) => {
  const server = await Atrium.start(t);
  const results = await auditServer({ url: server.url });
  const failed = results
    .filter((each) => each.status !== 'ok')
    .map(({ id, name, status, reason }) => ({ id, name, status, reason }));
  assert.deepEqual(failed, []);
  assert.equal(results.length, 61);
});
