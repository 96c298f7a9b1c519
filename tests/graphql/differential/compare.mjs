/**
 * Compares a validator with graphql-js: both validate the same random documents, and must report the same errors with the
 * same texts and locations in the same order.
 *
 *   node compare.mjs --driver build/release/.../graphql_check [--schema file.graphql] [--seed 1] [--count 1000] [--dense]
 *
 * The driver reads JSON lines `{"schema", "document"}` and prints a response to each of them:
 * `{"errors": [{"message", "locations"}]}`.
 * Document number i, counted from 0, has the seed `seed + i`: `--seed 17 --count 1 --show` prints one document. `--dense`
 * generates documents that are expensive to validate. The exit status is 1 if there was a difference or the driver failed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { buildSchema } from 'graphql';

import { generateDenseDocument } from './dense.mjs';
import { generateDocument } from './generator.mjs';
import { agree, expected } from './verdict.mjs';

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
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async validate(request) {
    if (!this.process.stdin.write(`${JSON.stringify(request)}\n`)) await once(this.process.stdin, 'drain');
    const { value, done } = await this.answers.next();
    if (done) throw new Error('the driver ended');
    return JSON.parse(value);
  }

  /** Throws if the driver fails, as after a finding of a sanitizer. */
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
  const wanted = expected(schema, document);
  if (options.show) console.log(JSON.stringify(wanted, null, 1));
  tally.documents += 1;
  tally.valid += wanted.errors?.length === 0 ? 1 : 0;
  tally.errors += wanted.errors?.length ?? 1;
  tally.thrown += wanted.thrown ? 1 : 0;
  tally.aborted += wanted.errors?.at(-1)?.message.endsWith('alidation aborted.') ? 1 : 0;
  const got = driver === null ? wanted : await driver.validate({ schema: sdl, document });
  if (agree(wanted, got)) continue;
  tally.differences += 1;
  console.log(
    `--- seed ${seed}\n${document}\n--- graphql-js: ${JSON.stringify(wanted, null, 1)}\n--- driver: ${
      JSON.stringify(got, null, 1)
    }`,
  );
  if (tally.differences >= Number(options['most-differences'])) break;
}
console.log(JSON.stringify(tally));
process.exitCode = tally.differences > 0 ? 1 : 0;
await driver?.close();
