/**
 * What the server answers to random queries is what graphql-js makes of the same data, which comes by REST.
 *
 *   ATRIUM_BINARY=build/release/atrium node --test live_execution.test.mjs
 *
 * SEED and COUNT in the environment make longer runs: query number i has the seed SEED + i.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { execute, isEnumType, isListType, isNonNullType, Kind, parse, print, typeFromAST, validate, visit } from 'graphql';

import { Atrium, eventually, inParallel, readAll } from '../../clients/atrium.mjs';
import { generateDocument } from './generator.mjs';
import { liveSchema } from './live_schema.mjs';
import { Random } from './random.mjs';
import { cursorOf, rootOf } from './store.mjs';

const firstSeed = Number(process.env.SEED ?? 1);
const count = Number(process.env.COUNT ?? 1500);

const userCount = 30;
const orderCount = 120;
const withoutLimits = ['depth', 'aliases', 'root_fields', 'cost'].map((each) => `graphql.${each}=0`);

async function fill(server) {
  const random = new Random(1);
  for (let i = 0; i < userCount; ++i) {
    const name = random.pick(['ann', 'Bob', 'zoë', 'text']);
    await server.addUser(name + (i || ''), `${name.slice(0, 2).replace('zo', 'x')}${i}@example.com`);
  }
  const users = await readAll(server, '/users/');
  for (let i = 0; i < orderCount; ++i) {
    const order = await server.addOrder(random.pick(users).username, random.pick(['tea', 'crème brûlée', '"quoted"\\', '\u{1f375}']), random.between(1, 9));
    if (random.chance(0.3)) await server.request('PATCH', `/orders/${order.id}/`, { status: random.pick(['fulfilled', 'cancelled']) });
    if (random.chance(0.1)) await server.request('DELETE', `/orders/${order.id}/`);
  }
  await server.request('DELETE', `/users/${users[4].id}/`);
}

/** REST's rows once events have done their work. */
async function settledRows(server) {
  await eventually(async () => (await server.metric('atrium_events_pending')) === 0, 'the end of all events');
  return rootOf(await readAll(server, '/users/'), await readAll(server, '/orders/'));
}

/** Something that an argument or variable of this name is likely to find rows by. */
function likely(random, name) {
  const integer = () => random.weighted([[20, random.below(12)], [1, -1], [1, 1000], [1, 1001]]);
  const id = () => random.between(1, userCount + 3);
  switch (name) {
    case 'first':
    case 'last':
      return integer();
    case 'after':
    case 'before':
      return random.weighted([[10, cursorOf(id())], [1, cursorOf(0)], [1, 'none'], [1, '']]);
    case 'username':
      return random.pick(['ann', 'BOB1', 'zoë2', 'text3', 'nobody', ...Array.from({ length: 8 }, (_, i) => `Bob${i}`)]);
    case 'search':
      return random.pick(['a', 'B', 'zo', 'ann1', '', 'text', '%']);
    default: // ids, nodeIds
      return random.pick([String(id()), `User:${id()}`, `Order:${id()}`, 'User:', 'Nobody:1', '0', '01']);
  }
}

/** A generated document whose literals find something; one text in one place of a name always becomes the same. */
function withLikelyValues(document, seed) {
  const literal = (node, name) => {
    const value = likely(new Random(seed + [...`${name}${node.value}`].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 1e6, 0)), name);
    return typeof value === 'number' ? { kind: Kind.INT, value: String(value) } : { kind: Kind.STRING, value };
  };
  return visit(document, {
    Argument: (node) =>
      [Kind.INT, Kind.STRING].includes(node.value.kind) && node.name.value !== 'if' ? { ...node, value: literal(node.value, node.name.value) } : undefined,
  });
}

/** Values for an operation's variables; some are left out, some do not fit. */
function variablesFor(schema, operation, random) {
  const value = (type) => {
    if (isNonNullType(type)) return random.chance(0.02) ? null : value(type.ofType);
    if (random.chance(0.05)) return null;
    if (isListType(type)) return [value(type.ofType)];
    if (isEnumType(type)) return random.pick([...type.getValues().map((each) => each.name), 'NOTHING']);
    switch (type.name) {
      case 'Int':
        return random.weighted([[20, likely(random, 'first')], [1, 1.5], [1, '1']]);
      case 'Boolean':
        return random.chance(0.95) ? random.chance(0.5) : 'yes';
      case 'ID':
        return random.chance(0.5) ? likely(random, 'id') : random.between(1, userCount);
      default:
        return random.weighted([[20, likely(random, random.pick(['after', 'username', 'search']))], [1, 7]]);
    }
  };
  const variables = {};
  for (const { variable, type } of operation.variableDefinitions ?? [])
    if (random.chance(0.85)) variables[variable.name.value] = value(typeFromAST(schema, type));
  return variables;
}

/** A response as it is compared: errors in the order of their paths, as the specification orders none. */
function plain({ data, errors = [] }) {
  const told = errors.map(({ message, locations, path }) => ({ message, locations: locations?.map(({ line, column }) => ({ line, column })), path }));
  const key = (each) => JSON.stringify([each.path ?? [], each.message]);
  return { data: data ?? null, errors: told.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

test('the same results as graphql-js over the same data', async (t) => {
  const server = await Atrium.start(t, withoutLimits);
  await fill(server);
  const root = await settledRows(server);
  const queriesOnly = (introspected) => {
    introspected.__schema.mutationType = introspected.__schema.subscriptionType = null;
    return introspected;
  };
  const schema = await liveSchema(server, queriesOnly);

  const tally = { queries: 0, withData: 0, withErrors: 0, bytes: 0 };
  const differences = [];
  const compare = async (seed) => {
    let query, document;
    try {
      query = print(withLikelyValues(parse(generateDocument(schema, seed)), seed));
      document = parse(query); // with the places that the server sees
    } catch {
      return; // no document at all
    }
    if (validate(schema, document).length > 0) return;
    const random = new Random(seed);
    const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (operations.some((each) => each.operation !== 'query')) return;
    const operation = random.pick(operations);
    const operationName = operation.name?.value;
    const variables = variablesFor(schema, operation, random);
    const wanted = plain(JSON.parse(JSON.stringify(await execute({ schema, document, rootValue: root, variableValues: variables, operationName }))));
    const answer = (await server.request('POST', '/graphql/', { query, operationName, variables })).json();
    const got = plain(answer);
    tally.queries += 1;
    tally.withData += wanted.data ? 1 : 0;
    tally.withErrors += wanted.errors.length > 0 ? 1 : 0;
    tally.bytes += JSON.stringify(wanted.data).length;
    // The order of names in an object counts too.
    if (JSON.stringify(got) !== JSON.stringify(wanted)) differences.push({ seed, query, variables: JSON.stringify(variables), got, wanted });
  };
  await inParallel(count, 8, (i) => compare(firstSeed + i));

  t.diagnostic(JSON.stringify(tally));
  const [first] = differences;
  assert.deepEqual(first?.got, first?.wanted, `${differences.length} differences, such as seed ${first?.seed}:\n${first?.query}\n${first?.variables}`);
  assert.ok(tally.queries > count / 5 && tally.withData > tally.queries / 2 && tally.withErrors > 10, 'the queries are a mixture');
});
