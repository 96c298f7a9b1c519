// Runs the built program for a test, on a free port, with its data in a new folder that is removed when the test has ended.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const program = process.env.ATRIUM_BINARY;

/** Whether the program is built with sanitizers. Such a program is several times slower and keeps freed memory. */
export const isSanitized = Boolean(process.env.ATRIUM_SANITIZE);

/** The time limit for every wait, in milliseconds. */
export const patience = isSanitized ? 180_000 : 60_000;

/** Waits until `condition` returns a truthy value, and returns this value. `awaited` describes the condition in the message of
 *  a timeout. */
export async function eventually(condition, awaited) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < end, `timeout while waiting for ${awaited}`);
    await delay(10);
  }
}

const actionsAtEnd = new WeakMap();

/**
 * Calls `action` when the test `t` has ended. The actions are called in the opposite order of their registration, so that a
 * page or a client is closed before its server. (node:test calls the functions of `t.after` in the order of registration.)
 */
export function atEndOf(t, action) {
  if (actionsAtEnd.has(t)) {
    actionsAtEnd.get(t).push(action);
    return;
  }
  const actions = [action];
  actionsAtEnd.set(t, actions);
  t.after(async () => {
    const errors = [];
    for (const each of actions.reverse()) {
      try {
        await each();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  });
}

/** Runs a server for all tests of a file, until the last of them has ended. `fill` creates their data. */
export function runForAllTests(server, fill) {
  before(async () => {
    await server.run();
    await fill(server);
  });
  after(() => server.dispose());
  return server;
}

/** The header with which a program presents a token. */
export const bearer = (token) => ({ Authorization: `Bearer ${token}` });

export class Atrium {
  /** Starts a server that runs until the test `t` ends. `settings` are values for `--set`, such as ['log.level=debug']. */
  static async start(t, settings = []) {
    const server = new Atrium(settings);
    atEndOf(t, () => server.dispose());
    await server.run();
    return server;
  }

  /** Starts one server for all tests of a file, which runs until the last of them has ended. `fill` creates their data. */
  static forAllTests(fill = () => {}, settings = []) {
    return runForAllTests(new Atrium(settings), fill);
  }

  /** The token that requests present unless they have a header `Authorization` of their own. */
  token;
  #folder = mkdtempSync(path.join(tmpdir(), 'atrium-'));
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  #settings;
  #process;
  #ended;
  /** What the process has written to standard error since its last start. */
  log = '';
  /** What the process has written to standard output since its last start. */
  output = '';

  constructor(settings) {
    assert.ok(program, 'ATRIUM_BINARY must be the path of the program to test');
    this.#settings = settings;
    writeFileSync(path.join(this.#folder, 'config.toml'), ''); // all defaults
  }

  // The processes that run users and orders, and the process to which a request goes. Here all of them are this process; in
  // split.mjs there are two.

  get users() {
    return this;
  }

  get orders() {
    return this;
  }

  processFor() {
    return this;
  }

  /** The path of the database. */
  get database() {
    return path.join(this.#folder, 'x.db');
  }

  /** The arguments for a command of the program that uses the configuration and the data of this server. */
  #options(...settings) {
    const all = [`storage.path=${this.database}`, ...this.#settings, ...settings];
    return ['--config', 'config.toml', ...all.flatMap((each) => ['--set', each])];
  }

  async run(port = 0) {
    this.#process = spawn(program, ['serve', ...this.#options(`http.port=${port}`)], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve) => this.#process.on('close', (status, signal) => resolve({ status, signal })));
    this.log = '';
    this.output = '';
    this.#process.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    this.#process.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    await once(this.#process, 'spawn');
    this.origin = await eventually(() => {
      assert.equal(this.#process.exitCode ?? this.#process.signalCode, null, `the server did not start:\n${this.log}`);
      return this.log.match(/listening on (http:\S+)/)?.[1];
    }, 'the address in the log');
    this.url = `${this.origin}/graphql/`;
    this.webSocketUrl = this.url.replace('http:', 'ws:');
  }

  /** Stops the server, if it still runs, and waits until it has ended. Fails unless the exit status is 0. */
  async stop() {
    const killTimer = setTimeout(() => this.#process.kill('SIGKILL'), patience);
    this.#process.kill('SIGTERM');
    const end = await this.#ended;
    clearTimeout(killTimer);
    assert.deepEqual(end, { status: 0, signal: null }, `the server did not end with status 0:\n${this.log}`);
    assert.doesNotMatch(this.log, /SUMMARY: \w+Sanitizer/);
  }

  /** Restarts the server with the same data on another port. */
  async restart() {
    await this.stop();
    await this.run();
  }

  /** Restarts the server with the same data on the same port. In between, another program could take this port. */
  async restartInPlace() {
    await this.stop();
    await this.run(new URL(this.origin).port);
  }

  /** Stops the server with SIGTERM, so that sanitizers report their findings, and removes its folder. */
  async dispose() {
    this.#agent.destroy();
    try {
      if (this.#process) await this.stop();
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** The sum of a metric's values over all labels, or over the labels that match the regular expression `labels`. */
  async metric(name, labels = '.*') {
    const { text } = await this.request('GET', '/metrics');
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{${labels}\\})? (?<value>\\d+)$`, 'gm'))].map(({ groups }) =>
      Number(groups.value),
    );
    assert.notEqual(values.length, 0, `there is no metric ${name}`);
    return values.reduce((sum, each) => sum + each);
  }

  /** The resident memory of the server, in bytes. */
  residentMemory() {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(status.match(/VmRSS:\s*(\d+) kB/)[1]) * 1024;
  }

  /** Sends a JSON request on one of at most 64 kept connections, without the overhead of fetch. */
  request(method, target, body, ownHeaders = {}) {
    const headers = { ...(this.token && bearer(this.token)), ...ownHeaders };
    return new Promise((resolve, reject) => {
      const request = http.request(
        this.origin + target,
        { method, agent: this.#agent, headers: body ? { 'Content-Type': 'application/json', ...headers } : headers },
        async (answer) => {
          let text = '';
          for await (const part of answer.setEncoding('utf8')) text += part;
          resolve({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) });
        },
      );
      request.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  async addUser(username, email = `${username}@example.com`) {
    const answer = await this.request('POST', '/users/', { username, email });
    assert.equal(answer.status, 201, answer.text);
    return answer.json().user;
  }

  async addOrder(username, product_name, quantity = 1) {
    const answer = await this.request('POST', '/orders/', { username, product_name, quantity });
    assert.equal(answer.status, 201, answer.text);
    return answer.json().order;
  }

  /** Makes a token with `atrium token create`. */
  async makeToken(name, scopes) {
    const options = ['--name', name, ...scopes.flatMap((each) => ['--scope', each])];
    const { stdout } = await promisify(execFile)(program, ['token', 'create', ...options, ...this.#options()], {
      cwd: this.#folder,
    });
    return stdout.trim();
  }

  /** Sends a GraphQL request by POST, and returns the response. */
  async ask(query, variables) {
    return (await this.request('POST', '/graphql/', { query, variables })).json();
  }
}

/** Runs `work(0)` to `work(count - 1)`, at most `maxParallel` of them at the same time. */
export async function inParallel(count, maxParallel, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: maxParallel }, worker));
}

/** Reads a whole REST collection, following `Link: <...>; rel="next"`. */
export async function readAll(server, target) {
  const rows = [];
  for (let page = target; page; ) {
    const answer = await server.request('GET', page);
    assert.equal(answer.status, 200, answer.text);
    rows.push(...answer.json());
    page = answer.headers.link?.match(/<([^>]*)>; rel="next"/)?.[1];
  }
  return rows;
}
