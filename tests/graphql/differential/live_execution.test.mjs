/**
 * Tests that the server returns the same results for random queries and mutations as graphql-js. graphql-js works on the same
 * data, which this test reads with REST.
 *
 *   ATRIUM_BINARY=build/release/atrium node --test live_execution.test.mjs
 *
 * With the environment variables SEED and COUNT, a run can be longer or use other documents: document number i has the seed
 * SEED + i.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  execute,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  print,
  typeFromAST,
  validate,
  visit,
} from 'graphql';

import { Atrium, eventually, inParallel, readAll } from '../../clients/atrium.mjs';
import { generateDocument } from './generator.mjs';
import { liveSchema } from './live_schema.mjs';
import { mutationsOf } from './mutations.mjs';
import { Random } from './random.mjs';
import { cursorOf, positionCursor, queriesOf, Store } from './store.mjs';

const firstSeed = Number(process.env.SEED ?? 1);
const count = Number(process.env.COUNT ?? 1500);

const userCount = 30;
const orderCount = 120;
/** The fields of Query and Mutation with which operators inspect and handle events. No document selects them, because
 *  store.mjs does not model them. */
const operations = [
  ...['events', 'event', 'subscriptions', 'deadLetters', 'failureGroups', 'operation', 'operations'],
  ...['retry', 'discard', 'replay', 'resend', 'cancelOperation', 'pause', 'resume', 'edit', 'publish', 'drain'],
];
function withoutOperations(introspected) {
  for (const type of introspected.__schema.types)
    if (type.name === 'Query' || type.name === 'Mutation')
      type.fields = type.fields.filter((field) => !operations.includes(field.name));
  return introspected;
}

/** Enables only the modules that store.mjs models, and disables the limits on queries. */
const settings = [
  'modules.enabled=["users", "orders"]',
  ...['depth', 'aliases', 'root_fields', 'cost'].map((each) => `graphql.${each}=0`),
];

async function fill(server) {
  const random = new Random(1);
  for (let i = 0; i < userCount; ++i) {
    const name = random.pick(['ann', 'Bob', 'zoë', 'text']);
    await server.addUser(name + (i || ''), `${name.slice(0, 2).replace('zo', 'x')}${i}@example.com`);
  }
  const users = await readAll(server, '/users/');
  for (let i = 0; i < orderCount; ++i) {
    const order = await server.addOrder(
      random.pick(users).username,
      random.pick(['tea', 'crème brûlée', '"quoted"\\', '\u{1f375}']),
      random.integerBetween(1, 9),
    );
    if (random.boolean(0.3))
      await server.request('PATCH', `/orders/${order.id}/`, { status: random.pick(['fulfilled', 'cancelled']) });
    if (random.boolean(0.1)) await server.request('DELETE', `/orders/${order.id}/`);
  }
  await server.request('DELETE', `/users/${users[4].id}/`);
}

/** Reads all rows with REST, after the modules users and orders have handled all events. Events for modules that do not run
 *  stay pending. */
async function readSettledRows(server) {
  const pending = () => server.metric('atrium_events_pending', 'subscription="(users|orders)[.].*"');
  await eventually(async () => (await pending()) === 0, 'all events to be handled');
  return new Store(await readAll(server, '/users/'), await readAll(server, '/orders/'));
}

/** A value for an argument or variable of this name that is likely to match rows. */
function likelyArgument(random, name) {
  const integer = () => random.pickWeighted([[20, random.integerBelow(12)], [1, -1], [1, 1000], [1, 1001]]);
  const id = () => random.integerBetween(1, userCount + 3);
  switch (name) {
    case 'first':
    case 'last':
      return integer();
    case 'after':
    case 'before':
      return random.pickWeighted([
        [10, cursorOf(id())],
        [1, cursorOf(0)],
        [6, likelyPosition(random, id())],
        [1, 'none'],
        [1, ''],
      ]);
    case 'username':
      return random.pick(['ann', 'BOB1', 'zoë2', 'text3', 'nobody', ...Array.from({ length: 8 }, (_, i) => `Bob${i}`)]);
    case 'search':
      return random.pick(['a', 'B', 'zo', 'ann1', '', 'text', '%']);
    case 'productName':
      return random.pick(['t', 'CR', 'crème brûlée', '"', '', 'none']);
    case 'sort':
      return random.pickWeighted([
        [6, random.pick(['id', '-id'])],
        [6, random.pick(['username', '-email', 'product_name', '-product_name', '-status', 'user_id'])],
        [1, 'none'],
      ]);
    case 'email':
      return random.pick(['an1@example.com', 'BO0@EXAMPLE.com', 'none']);
    default: // ids, nodeIds
      return random.pick([String(id()), `User:${id()}`, `Order:${id()}`, 'User:', 'Nobody:1', '0', '01']);
  }
}

/** A cursor of a list that is not ordered by ascending id. */
function likelyPosition(random, id) {
  const order = random.pick(['search+', 'username+', 'email-', 'product_name+', 'product_name-', 'id-', 'status-', 'user_id+']);
  const isText = /^(search|username|email|product)/.test(order);
  const value = isText
    ? random.pick(['ann', 'Bob1', 'text', 'tea', 'crème brûlée', ''])
    : order === 'id-'
      ? id
      : random.integerBelow(3);
  return positionCursor(order, { id, part: order === 'search+' ? random.integerBelow(2) : 0, value });
}

/** A value for an argument or variable of a mutation. Most ids do not exceed `userCount`, so each of them can be the id of
 *  a user and of an order. */
function likelyMutationArgument(random, name) {
  if (name !== 'id') return likelyArgument(random, name);
  return random.pickWeighted([
    [12, String(random.integerBetween(1, userCount))],
    [6, String(random.integerBetween(1, orderCount + 5))],
    [1, 'User:1'],
    [1, '01'],
  ]);
}

/** A value for a field of an input object: valid, already taken by another user, or invalid. */
function likelyInput(random, name) {
  const taken = random.integerBelow(userCount);
  switch (name) {
    case 'username':
      return random.pickWeighted([
        [12, `new${random.integerBelow(300)}`],
        [12, `Bob${taken}`],
        [2, `ANN${taken}`],
        [1, 'zoë2'],
        [1, ''],
        [1, ' ann'],
      ]);
    case 'email':
      return random.pickWeighted([
        [24, `new${random.integerBelow(300)}@example.com`],
        [2, `an${taken}@example.com`],
        [1, `BO${taken}@Example.com`],
        [1, 'nobody'],
      ]);
    case 'quantity':
      return random.pickWeighted([[24, random.integerBetween(1, 9)], [1, 1_000_000], [1, 1_000_001], [1, 0]]);
    default: // productName
      return random.pickWeighted([[6, 'tea'], [6, 'crème brûlée'], [6, '"quoted"\\'], [6, '\u{1f375}'], [1, '']]);
  }
}

/** Replaces the literals in a generated document by values that match rows. Equal literals in arguments with the same name
 *  become the same value. */
function withLikelyValues(document, seed, ofArgument) {
  const literal = (node, name, choose) => {
    const value = choose(
      new Random(seed + [...`${name}${node.value}`].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 1e6, 0)),
      name,
    );
    return typeof value === 'number' ? { kind: Kind.INT, value: String(value) } : { kind: Kind.STRING, value };
  };
  const ids = (list) => ({
    ...list,
    values: list.values.map((each) => ([Kind.INT, Kind.STRING].includes(each.kind) ? literal(each, 'id', ofArgument) : each)),
  });
  return visit(document, {
    Argument: (node) => {
      if (node.value.kind === Kind.LIST && node.name.value === 'ids') return { ...node, value: ids(node.value) };
      return [Kind.INT, Kind.STRING].includes(node.value.kind) && node.name.value !== 'if'
        ? { ...node, value: literal(node.value, node.name.value, ofArgument) }
        : undefined;
    },
    ObjectField: (node) =>
      [Kind.INT, Kind.STRING].includes(node.value.kind)
        ? { ...node, value: literal(node.value, node.name.value, likelyInput) }
        : undefined,
  });
}

/** Values for an operation's variables. Some variables have no value, some have a value of a wrong type. */
function variablesFor(schema, operation, random, ofArgument) {
  const fields = (type) =>
    Object.values(type.getFields()).filter((each) => random.boolean(isNonNullType(each.type) ? 0.97 : 0.6));
  const value = (type) => {
    if (isNonNullType(type)) return random.boolean(0.02) ? null : value(type.ofType);
    if (random.boolean(0.05)) return null;
    if (isInputObjectType(type))
      return Object.fromEntries(
        fields(type).map(({ name, type: of }) => [name, isEnumType(of) ? value(of) : likelyInput(random, name)]),
      );
    if (isListType(type)) return [value(type.ofType)];
    if (isEnumType(type)) return random.pick([...type.getValues().map((each) => each.name), 'NOTHING']);
    switch (type.name) {
      case 'Int':
        return random.pickWeighted([[20, likelyArgument(random, 'first')], [1, 1.5], [1, '1']]);
      case 'Boolean':
        return random.boolean(0.95) ? random.boolean(0.5) : 'yes';
      case 'ID':
        return random.boolean(0.5) ? ofArgument(random, 'id') : random.integerBetween(1, userCount);
      default:
        return random.pickWeighted([
          [20, likelyArgument(random, random.pick(['after', 'username', 'search', 'sort', 'productName', 'email']))],
          [1, 7],
        ]);
    }
  };
  const variables = {};
  for (const { variable, type } of operation.variableDefinitions ?? [])
    if (random.boolean(0.85)) variables[variable.name.value] = value(typeFromAST(schema, type));
  return variables;
}

/** Prepares a response for the comparison: sorts the errors by path, because the specification defines no order. */
function comparableResponse({ data, errors = [] }) {
  const comparable = errors.map(({ message, locations, path }) => ({
    message,
    locations: locations?.map(({ line, column }) => ({ line, column })),
    path,
  }));
  const key = (each) => JSON.stringify([each.path ?? [], each.message]);
  return { data: data ?? null, errors: comparable.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** Generates the document for a seed, changes it with `adjust`, and returns a request for one of its operations. Returns
 *  undefined if the document is invalid or has an operation of another kind. */
function requestOf(schema, seed, kind, ofArgument, adjust = (document) => document) {
  let query, document;
  try {
    query = print(adjust(withLikelyValues(parse(generateDocument(schema, seed)), seed, ofArgument)));
    document = parse(query); // so that locations refer to the text that the server gets
  } catch {
    return undefined; // the text cannot be parsed
  }
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operations.some((each) => each.operation !== kind) || validate(schema, document).length > 0) return undefined;
  const random = new Random(seed);
  const operation = random.pick(operations);
  return {
    seed,
    query,
    document,
    operationName: operation.name?.value,
    variables: variablesFor(schema, operation, random, ofArgument),
  };
}

/** Sends requests to the server and to graphql-js, compares the results and counts them. */
class Comparison {
  tally = { documents: 0, withData: 0, withErrors: 0, bytes: 0 };
  #differences = [];

  constructor(server, schema, rootValue) {
    Object.assign(this, { server, schema, rootValue });
  }

  async compare({ seed, query, document, operationName, variables }) {
    const result = await execute({
      schema: this.schema,
      document,
      rootValue: this.rootValue,
      variableValues: variables,
      operationName,
    });
    const expected = comparableResponse(JSON.parse(JSON.stringify(result)));
    const response = await this.server.request('POST', '/graphql/', { query, operationName, variables });
    const actual = comparableResponse(response.json());
    this.tally.documents += 1;
    this.tally.withData += expected.data ? 1 : 0;
    this.tally.withErrors += expected.errors.length > 0 ? 1 : 0;
    this.tally.bytes += JSON.stringify(expected.data).length;
    // The texts are compared, because the order of an object's members must also be the same.
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      this.#differences.push({ seed, query, variables: JSON.stringify(variables), actual, expected });
  }

  assertSame(t) {
    t.diagnostic(JSON.stringify(this.tally));
    const [first] = this.#differences;
    assert.deepEqual(
      first?.actual,
      first?.expected,
      `${this.#differences.length} differences, such as seed ${first?.seed}:\n${first?.query}\n${first?.variables}`,
    );
  }
}

test('queries have the same results as in graphql-js over the same data', async (t) => {
  const server = await Atrium.start(t, settings);
  await fill(server);
  const queriesOnly = (introspected) => {
    introspected.__schema.mutationType = introspected.__schema.subscriptionType = null;
    return introspected;
  };
  const schema = await liveSchema(server, queriesOnly);
  const selectable = await liveSchema(server, (introspected) => withoutOperations(queriesOnly(introspected)));
  const comparison = new Comparison(server, schema, queriesOf(await readSettledRows(server)));
  await inParallel(count, 8, async (i) => {
    const request = requestOf(selectable, firstSeed + i, 'query', likelyArgument);
    if (request) await comparison.compare(request);
  });
  comparison.assertSame(t);
  const { documents, withData, withErrors } = comparison.tally;
  assert.ok(
    documents > count / 5 && withData > documents / 2 && withErrors > 10,
    'enough random queries must be valid, enough must have data, and enough must have errors',
  );
});

/** Fields that depend on the clock or on the arrival of events. The revision is one of them, because it also
 *  increases when an event changes the `orderCount` of a user. */
const unpredictable = ['createdAt', 'updatedAt', 'lastOrderAt', 'orderCount', 'revision'];
/** Replaces these fields by `nodeId`. */
const withoutUnpredictableFields = (document) =>
  visit(document, {
    Field: (node) =>
      unpredictable.includes(node.name.value) ? { ...node, name: { ...node.name, value: 'nodeId' } } : undefined,
  });

test('successive mutations have the same results and effects as in a model of the data', async (t) => {
  const server = await Atrium.start(t, settings);
  await fill(server);
  const withoutSubscriptions = (introspected) => {
    introspected.__schema.subscriptionType = null;
    return introspected;
  };
  const schema = await liveSchema(server, withoutSubscriptions);
  const selectable = await liveSchema(server, (introspected) => withoutOperations(withoutSubscriptions(introspected)));
  const model = await readSettledRows(server);
  const comparison = new Comparison(server, schema, mutationsOf(model, userCount, orderCount));
  for (let seed = firstSeed; seed < firstSeed + 2 * count; ++seed) {
    const request = requestOf(selectable, seed, 'mutation', likelyMutationArgument, withoutUnpredictableFields);
    const fields = request?.query.match(/\b(create|update|delete)(User|Order)\b/g) ?? [];
    // A user's orders are deleted by an event, which may arrive after the next mutation of the same document.
    if (fields.length === 0 || (fields.includes('deleteUser') && fields.length > 1)) continue;
    await comparison.compare(request);
    if (fields.includes('deleteUser')) await readSettledRows(server);
  }
  comparison.assertSame(t);

  const [{ documents, withData, withErrors }, rows] = [comparison.tally, await readSettledRows(server)];
  const comparable = ({ users, orders }) => ({
    users: users.map(({ id, username, email }) => ({ id, username, email })),
    orders: orders.map(({ id, userId, productName, quantity, status, revision }) => ({
      id,
      userId,
      productName,
      quantity,
      status,
      revision,
    })),
  });
  assert.deepEqual(comparable(rows), comparable(model));
  assert.ok(
    documents > count / 20 && withData > 20 && withErrors > 20,
    'enough random mutations must be valid, enough must have data, and enough must have errors',
  );
});
