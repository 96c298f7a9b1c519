/**
 * Tests over HTTP that the server reports the same validation errors for random documents as graphql-js with the same schema.
 *
 *   ATRIUM_BINARY=build/release/atrium node --test live_validation.test.mjs
 *
 * With the environment variables SEED and COUNT, a run can be longer or use other documents: document number i has the seed
 * SEED + i.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { validateSchema } from 'graphql';

import { Atrium, inParallel } from '../../clients/atrium.mjs';
import { generateDocument } from './generator.mjs';
import { liveSchema } from './live_schema.mjs';
import { agree, comparableErrors, validateWithGraphqlJs } from './verdict.mjs';

const firstSeed = Number(process.env.SEED ?? 1);
const count = Number(process.env.COUNT ?? 1500);

const withoutLimits = ['tokens', 'depth', 'aliases', 'root_fields', 'cost'].map((each) => `graphql.${each}=0`);

function findFirstDifference(actual, expected) {
  const index = [...actual, null].findIndex((each, i) => JSON.stringify(each) !== JSON.stringify(expected[i]));
  return { actual: actual[index], expected: expected[index] };
}

test('the server reports the same validation errors with the same locations as graphql-js', async (t) => {
  const server = await Atrium.start(t, withoutLimits);
  const schema = await liveSchema(server);
  assert.deepEqual(validateSchema(schema), []);

  // Even a valid document does not run, because it has no operation with this name.
  const operationName = 'ThereIsNoSuchOperation';
  const validate = async (query) => {
    const answer = (await server.request('POST', '/graphql/', { query, operationName })).json();
    const isValid = answer.errors.length === 1 && answer.errors[0].message === `Unknown operation named "${operationName}".`;
    return { errors: isValid ? [] : answer.errors };
  };

  const differences = [];
  const tally = { documents: 0, valid: 0, errors: 0 };
  const compare = async (seed) => {
    const document = generateDocument(schema, seed);
    const expected = validateWithGraphqlJs(schema, document);
    const actual = await validate(document);
    tally.documents += 1;
    tally.valid += expected.errors?.length === 0 ? 1 : 0;
    tally.errors += expected.errors?.length ?? 1;
    if (!agree(expected, actual)) {
      const expectedErrors = expected.errors ?? [expected.thrown];
      differences.push({ seed, document, ...findFirstDifference(comparableErrors(actual.errors), expectedErrors) });
    }
  };
  await inParallel(count, 8, (i) => compare(firstSeed + i));
  for (const { document, ...rest } of differences.slice(0, 3)) t.diagnostic(`${JSON.stringify(rest, null, 1)}\n${document}`);
  assert.deepEqual(differences.map((each) => each.seed), []);
  t.diagnostic(JSON.stringify(tally));
  assert.ok(
    tally.valid > tally.documents / 5 && tally.errors > tally.documents / 2,
    'enough random documents must be valid, and they must have enough errors',
  );
});
