// Checks /openapi.json and /asyncapi.json with tools that their users run: Redocly for OpenAPI, and the parser of AsyncAPI.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Parser } from '@asyncapi/parser';

import { Atrium } from '../../clients/atrium.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const server = Atrium.forAllTests();

test('Redocly finds no error and no warning in the OpenAPI document', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'atrium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'openapi.json');
  writeFileSync(file, (await server.request('GET', '/openapi.json')).text);
  const redocly = path.join(here, 'node_modules', '.bin', 'redocly');
  const linted = spawnSync(
    redocly,
    ['lint', '--config', path.join(here, 'redocly.yaml'), '--format', 'stylish', file],
    {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  assert.equal(linted.status, 0, linted.stdout + linted.stderr);
  assert.doesNotMatch(linted.stdout, /\d+:\d+ +warning/);
});

test('the parser of AsyncAPI finds no error and no warning in the AsyncAPI document', async () => {
  const { document, diagnostics } = await new Parser().parse((await server.request('GET', '/asyncapi.json')).text);
  const found = diagnostics.filter(({ severity }) => severity <= 1); // errors and warnings
  assert.deepEqual(
    found.map(({ message, path: place }) => `${place.join('/')}: ${message}`),
    [],
  );
  assert.ok(document.channels().length > 0);
});
