// Tests that the console reads and writes integers of 63 bits in JSON exactly.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readJson, writeJson } from '../../../web/console/core/exact_json.js';

const large =
  '{"id":9223372036854775807,"text":"9223372036854775807","list":[-9007199254740993,1.5,12345678901234567890.5],"n":1}';

test('readJson reads integers beyond 53 bits as BigInt, and all other values as JSON.parse does', () => {
  assert.deepEqual(readJson(large), {
    id: 9223372036854775807n,
    text: '9223372036854775807',
    list: [-9007199254740993n, 1.5, 12345678901234567000],
    n: 1,
  });
});

test('readJson does not change digits and quotes in strings and in names of members', () => {
  const text = JSON.stringify({ 'a"1234567890123456789': 'b\\" 1234567890123456789, "c"' });
  assert.deepEqual(readJson(text), JSON.parse(text));
});

test('a BigInt is written as a JSON number with all of its digits', () => {
  assert.equal(writeJson(readJson('{"id":9223372036854775807}')), '{"id":9223372036854775807}');
});
