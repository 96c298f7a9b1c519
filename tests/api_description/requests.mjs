// Generates random requests from the description of the API: valid ones, almost valid ones, and hostile ones.
import fc from 'fast-check';
import { generateSync } from 'json-schema-faker';

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\u{1F4A5}',
  "' OR 1=1; DROP TABLE users_account; --",
  '../../etc/passwd',
  '%00',
  '%zz',
  '-1',
  '0',
  '00',
  '+1',
  '1.5',
  '1e309',
  '9223372036854775807',
  '9223372036854775808',
  '9'.repeat(400),
  'null',
  'true',
  'NaN',
  '<script>alert(1)</script>',
  '\u202Eabc',
  '\uFEFF',
  'a'.repeat(3000),
  '[]',
  '{}',
  '"',
  '\\',
  '1,2,3',
  '1,',
  ',',
  '1,1,1',
  '-id',
  'username',
  '*',
  '#',
  'users.#',
  '2026-11-22T12:00:00Z',
  '2026-13-45T99:99:99Z',
  '0000-00-00T00:00:00Z',
  '\r\nX-Injected: 1',
];

const hostileValues = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  -(2 ** 63),
  [],
  [[]],
  [null],
  {},
  { a: { b: {} } },
  ...hostileTexts,
];

const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 40 }));
const hostileValue = fc.oneof(fc.constantFrom(...hostileValues), fc.jsonValue({ maxDepth: 3 }));

/** Part of a target, to be replaced by the id of an entity that exists when the request is sent. */
export const existingId = '{existing}';

/** Values with which a request often finds what it names. */
const known = {
  id: [existingId, existingId, '1', '2', '3', '20'],
  seq: ['1', '2', '3', '7'],
  name: ['users.order_statistics', 'orders.user_names', 'ann', 'ci'],
  page: ['house', 'entities/users/1', 'data/nothing'],
};

const usernames = ['ann', 'bob', 'cyd', 'dan', 'ANN'];

const documents = [
  '{ allUsers { id username orders(first: 2) { edges { node { id } } } } }',
  'mutation { createUser(input: {username: "eve", email: "eve@example.com"}) { id } }',
  'mutation { createOrder(input: {username: "ann", productName: "tea", quantity: 2}) { id } deleteOrder(id: 2) }',
  'query A { allOrders { id } } query B { users(first: 1000) { edges { cursor } } }',
  'query ($first: Int!) { users(first: $first) { edges { node { id } } } }',
  '{ __schema { types { name fields { name } } } }',
  'subscription { userCreated { id } }',
  '{ nothing }',
  '{',
  '',
];

const someHeaders = fc.record(
  {
    accept: fc.constantFrom(
      'application/json',
      'text/html',
      '*/*',
      'text/csv',
      'application/graphql-response+json',
      ';;=,',
      'text/html;q=0.1, application/json',
    ),
    'if-match': fc.constantFrom('*', '"1"', '"2"', '"1-1"', 'W/"1"', '1', '"'),
    'if-none-match': fc.constantFrom('*', '"1"', '"1-1"', 'W/"1-1"', ',', '"a", "b"'),
    'idempotency-key': fc.constantFrom('a', 'b', '"c"', '"c', 'x'.repeat(256), 'a b', '\u00FC'),
    'last-event-id': fc.constantFrom('0', '5', 'x'),
    authorization: fc.constantFrom('Bearer x', 'Basic eDp5', 'Bearer'),
    cookie: fc.constantFrom('atrium_session=x', ';;'),
    'accept-encoding': fc.constantFrom('gzip', 'identity;q=0', 'br'),
  },
  { requiredKeys: [] },
);

/** Most requests have none of these headers, so that they can succeed. */
const headers = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someHeaders });

/** Returns a copy of a schema without references, so that json-schema-faker can use it alone. */
function inlineReferences(description, schema) {
  if (Array.isArray(schema)) return schema.map((each) => inlineReferences(description, each));
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.$ref) return inlineReferences(description, description.schema(schema));
  return Object.fromEntries(Object.entries(schema).map(([name, each]) => [name, inlineReferences(description, each)]));
}

const generate = (schema) => fc.nat().map((seed) => generateSync(schema, { seed }));

/** The text of a JSON value. `String` throws if an object has a member such as `toString`. */
const textOf = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Generates a value, usually one that the schema allows. */
const valueOf = (schema) => fc.oneof({ weight: 4, arbitrary: generate(schema) }, { weight: 1, arbitrary: hostileValue });

function pathOf(path) {
  const parts = path.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return fc.constant(part);
    return fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...known[part.slice(1, -1)]) },
      { weight: 1, arbitrary: hostileText.map((text) => encodeURIComponent(text) || '0') },
    );
  });
  return fc.tuple(...parts, fc.constantFrom('', '', '', '/')).map((all) => all.join('').replace(/\/\/$/, '/'));
}

function queryOf(description, operation) {
  const names = description.parametersOf(operation).filter((each) => each.in === 'query');
  const pair = fc.oneof(
    {
      weight: 8,
      arbitrary:
        names.length === 0
          ? fc.constant(['x', '1'])
          : fc.constantFrom(...names).chain((each) => valueOf(each.schema).map((value) => [each.name, value])),
    },
    { weight: 1, arbitrary: fc.tuple(hostileText, hostileText) },
  );
  const encoded = pair.map(([name, value]) => {
    const text =
      name === 'query' && typeof value === 'string' ? documents[value.length % documents.length] : textOf(value ?? '');
    return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
  });
  const raw = fc.constantFrom('%zz=1', 'a=%', '&&', '=', 'limit=1&limit=2', 'after=%ff', 'limit');
  return fc.oneof(
    { weight: names.length === 0 ? 40 : 3, arbitrary: fc.constant('') },
    { weight: 5, arbitrary: fc.array(encoded, { minLength: 1, maxLength: 3 }).map((all) => `?${all.join('&')}`) },
    { weight: 1, arbitrary: raw.map((text) => `?${text}`) },
  );
}

/** Generates an object that the schema describes, with one member replaced, added or removed. */
function damage(schema) {
  return fc
    .tuple(generate(schema), fc.string({ maxLength: 8 }), hostileValue, fc.nat())
    .map(([value, name, hostile, choice]) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return hostile;
      const names = Object.keys(value);
      const victim = names[choice % Math.max(names.length, 1)];
      if (choice % 3 === 0 || victim === undefined) return { ...value, [name]: hostile };
      if (choice % 3 === 1) return { ...value, [victim]: hostile };
      return Object.fromEntries(Object.entries(value).filter(([each]) => each !== victim));
    });
}

/** Replaces random names with names of users that may exist, and random GraphQL with one of `documents`. */
const withKnownNames = (value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const choice = JSON.stringify(value).length;
  if (typeof value.username === 'string' && choice % 2) return { ...value, username: usernames[choice % usernames.length] };
  if (typeof value.query === 'string') return { ...value, query: documents[choice % documents.length] };
  return value;
};

const formOf = (value) =>
  value !== null && typeof value === 'object'
    ? Object.entries(value)
        .map(([name, each]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(each))}`)
        .join('&')
    : textOf(value);

function bodyOf(description, operation) {
  const content = operation.requestBody?.content['application/json'];
  if (!content)
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant({ type: 'application/json', text: '{}' }) },
    );
  const schema = inlineReferences(description, content.schema);
  const json = (value) => value.map((each) => ({ type: 'application/json', text: JSON.stringify(each) }));
  return fc.oneof(
    { weight: 6, arbitrary: json(generate(schema).map(withKnownNames)) },
    { weight: 4, arbitrary: json(damage(schema)) },
    {
      weight: 2,
      arbitrary: generate(schema).map((value) => ({
        type: 'application/x-www-form-urlencoded',
        text: formOf(withKnownNames(value)),
      })),
    },
    { weight: 1, arbitrary: json(hostileValue) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom(
          'application/json',
          'text/plain',
          'application/json; charset=latin1',
          'multipart/form-data; boundary=x',
          'x',
          '',
        ),
        text: hostileText,
      }),
    },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}

/** The method of the description, and sometimes another one. HEAD is left out, because a malformed request with HEAD is refused
 *  with a body, which a client takes for the next response. */
const methodOf = (method) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(method) },
    { weight: 1, arbitrary: fc.constantFrom('OPTIONS', 'PUT', 'DELETE', 'PATCH') },
  );

/** A request to one of the operations, except for those in `except`. The operations on entities are chosen more often. */
export function requestTo(description, except) {
  const operations = description.operations.filter(({ operation }) => !except.has(operation.operationId));
  const onEntities = operations.filter(({ operation }) => /_(user|order)s?$/.test(operation.operationId));
  const chosen = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...onEntities) },
    { weight: 1, arbitrary: fc.constantFrom(...operations) },
  );
  return chosen.chain(({ method, path, operation }) =>
    fc
      .tuple(methodOf(method), pathOf(path), queryOf(description, operation), headers, bodyOf(description, operation))
      .map(([sentMethod, target, query, fields, body]) => ({
        method: sentMethod,
        target: target + query,
        requestHeaders: { ...fields, ...(body.type ? { 'content-type': body.type } : {}) },
        requestBody: method === 'GET' || sentMethod === 'OPTIONS' ? undefined : body.text,
      })),
  );
}
