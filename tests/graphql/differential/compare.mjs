/**
 * Compares a validator with graphql-js: both validate the same random documents, and must report the same errors with the
 * same texts and locations in the same order.
 *
 *   node compare.mjs --driver build/release/.../graphql_check [--schema file.graphql] [--seed 1] [--count 1000] [--dense]
 *     [--show] [--most-differences 3]
 *
 * The driver is the program with the validator. It reads JSON lines `{"schema", "document"}` and prints a response to each of
 * them: `{"errors": [{"message", "locations"}]}`.
 * Document number i, counted from 0, has the seed `seed + i`, so `--seed 17 --count 1 --show` prints one document. `--dense`
 * generates documents that are expensive to validate. The comparison ends after `--most-differences` documents with different
 * errors. The exit status is 1 if there was a difference or the driver failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { buildSchema } from 'graphql';

import { generateDenseDocument } from './dense.mjs';
import { generateDocument } from './generator.mjs';
import { agree, validateWithGraphqlJs } from './verdict.mjs';

const { values: options } = parseArgs({
  options: {
    driver: { type: 'string' },
    schema: { type: 'string', default: new URL('./schema.graphql', import.meta.url).pathname },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    dense: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    'most-differences': { type: 'string', default: '3' },
  },
});

class Driver {
  constructor(command) {
    this.process = spawn(command, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.process.on('close', (status, signal) => resolve(signal ?? status)));
    this.responses = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async validate(request) {
    if (!this.process.stdin.write(`${JSON.stringify(request)}\n`)) await once(this.process.stdin, 'drain');
    const { value, done } = await this.responses.next();
    if (done) throw new Error('the driver ended');
    return JSON.parse(value);
  }

  /** Throws an error if the driver has failed, for example because a sanitizer found an error. */
  async close() {
    this.process.stdin.end();
    const end = await this.ended;
    if (end !== 0) throw new Error(`the driver ended with ${end}`);
  }
}

const sdl = readFileSync(options.schema, 'utf8');
const schema = buildSchema(sdl);
const make = options.dense ? generateDenseDocument : generateDocument;
const first = Number(options.seed);
const driver = options.driver ? new Driver(options.driver) : null;
const tally = { documents: 0, valid: 0, errors: 0, thrown: 0, aborted: 0, differences: 0 };

for (let seed = first; seed < first + Number(options.count); ++seed) {
  const document = make(schema, seed);
  if (options.show) console.log(document);
  const expected = validateWithGraphqlJs(schema, document);
  if (options.show) console.log(JSON.stringify(expected, null, 1));
  tally.documents += 1;
  tally.valid += expected.errors?.length === 0 ? 1 : 0;
  tally.errors += expected.errors?.length ?? 1;
  tally.thrown += expected.thrown ? 1 : 0;
  tally.aborted += expected.errors?.at(-1)?.message.endsWith('alidation aborted.') ? 1 : 0;
  const actual = driver === null ? expected : await driver.validate({ schema: sdl, document });
  if (agree(expected, actual)) continue;
  tally.differences += 1;
  console.log(
    `--- seed ${seed}\n${document}\n--- graphql-js: ${JSON.stringify(expected, null, 1)}\n--- driver: ${
      JSON.stringify(actual, null, 1)
    }`,
  );
  if (tally.differences >= Number(options['most-differences'])) break;
}
console.log(JSON.stringify(tally));
process.exitCode = tally.differences > 0 ? 1 : 0;
await driver?.close();
