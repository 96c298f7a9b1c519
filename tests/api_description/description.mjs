// Compares requests and responses with the description of the API, /openapi.json.
import assert from 'node:assert/strict';

import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Headers that any response may have, because they belong to the connection or to a policy and not to a route. */
const generalHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'transfer-encoding',
  'x-content-type-options',
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'x-accel-buffering',
  'vary',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'upgrade',
  'sec-websocket-accept',
  'sec-websocket-protocol', // in the response to the handshake of a WebSocket
  'accept-encoding', // in a response with 415 to a compressed body
]);

const componentName = (reference, kind) => reference.match(`^#/components/${kind}/(.+)$`)[1];

/** Returns a copy of a schema in which each reference is the name of a schema of the validator. With `isClosed`, objects may
 *  have only the members that the schema lists, so a response with a member that is not described is an error. */
function adaptSchema(schema, isClosed) {
  if (Array.isArray(schema)) return schema.map((each) => adaptSchema(each, isClosed));
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === '$ref') copy[name] = componentName(value, 'schemas');
    else if (name === 'properties')
      copy[name] = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, adaptSchema(each, isClosed)]));
    else if (name === 'enum' || name === 'const' || name === 'default' || name === 'required') copy[name] = value;
    else copy[name] = adaptSchema(value, isClosed);
  }
  if (isClosed && copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

/** Returns a function that lists the errors of a value according to a schema. Throws if a schema has an unknown keyword,
 *  such as a misspelled one. */
export function validatorOf(schemas, isClosed) {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword('x-atrium-reference');
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(adaptSchema(schema, isClosed), name);
  for (const name of Object.keys(schemas)) ajv.getSchema(name); // compiles it
  const compiled = new Map();
  return (schema, value) => {
    if (!compiled.has(schema)) compiled.set(schema, ajv.compile(adaptSchema(schema, isClosed)));
    const validate = compiled.get(schema);
    return validate(value)
      ? []
      : validate.errors.map((each) => `${each.instancePath || 'the value'} ${each.message} ${JSON.stringify(each.params)}`);
  };
}

const segmentsOf = (path) => path.split('/').filter((each, i, all) => i > 0 && !(i === all.length - 1 && each === ''));
const essenceOf = (type) => (type ?? '').split(';')[0].trim().toLowerCase();

/** Routes that ignore the query: health checks and pages must not fail because of parameters that a supervisor or a browser
 *  adds, and GraphQL over HTTP requires that unknown parameters are ignored. */
const ignoresQuery = new Set([
  'get_index',
  'get_liveness',
  'get_readiness',
  'get_metrics',
  'get_session',
  'begin_session',
  'end_session',
  'end_session_by_form',
  'list_sessions',
  'remove_session',
  'list_tokens',
  'create_token',
  'revoke_token',
  'drain_events',
  'get_graphql',
  'post_graphql',
  'get_graphiql_file',
  'get_console',
  'get_console_page',
  'get_console_file',
  'get_reference',
  'get_reference_file',
]);

export class Description {
  #document;
  #responseErrors;
  #requestErrors;

  constructor(document) {
    this.#document = document;
    this.#responseErrors = validatorOf(document.components.schemas, true);
    this.#requestErrors = validatorOf(document.components.schemas, false);
  }

  /** All operations as { method, path, operation }. */
  get operations() {
    return Object.entries(this.#document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => !method.startsWith('x-'))
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }

  resolve(kind, object) {
    return object.$ref ? this.#document.components[kind][componentName(object.$ref, kind)] : object;
  }

  schema(object) {
    return this.resolve('schemas', object);
  }

  parametersOf(operation) {
    return (operation.parameters ?? []).map((each) => this.resolve('parameters', each));
  }

  /** Returns the described path, such as /users/{id}, that matches the path of a request. If several match, prefers one with a
   *  literal segment to one with a placeholder. */
  findPath(path) {
    const segments = segmentsOf(path);
    const matches = Object.keys(this.#document.paths).filter((pattern) => {
      const places = segmentsOf(pattern);
      const hasRightLength = this.#document.paths[pattern]['x-atrium-rest']
        ? places.length <= segments.length
        : places.length === segments.length;
      return hasRightLength && places.every((place, i) => (place.startsWith('{') ? segments[i] !== '' : place === segments[i]));
    });
    const rank = (pattern) =>
      segmentsOf(pattern)
        .map((place) => (place.startsWith('{') ? '1' : '0'))
        .join('') + (this.#document.paths[pattern]['x-atrium-rest'] ? '2' : '');
    return matches.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
  }

  findOperation(method, path) {
    const pattern = this.findPath(path);
    return pattern && this.#document.paths[pattern][(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  }

  /** Returns a sentence for each difference between a request or its response and the description.
   *  @param exchange { method, target, requestHeaders, requestBody, status, headers, body }; headers are objects with names in
   *  lower case */
  differences(exchange) {
    const { method, target, status } = exchange;
    const path = target.split(/[?#]/)[0];
    const pattern = this.findPath(path);
    // A process may lack a route, because the module or the setting of the route is disabled.
    const isAbsent = status === 404 && exchange.body.includes('there is nothing at this path');
    const operation = isAbsent ? undefined : this.findOperation(method, path);
    if (!operation) return this.#differencesWithoutOperation(exchange, isAbsent ? undefined : pattern);
    const described = operation.responses[status];
    if (!described) return [`status ${status} is not described`];
    const response = this.resolve('responses', described);
    return [
      ...this.#headerDifferences(response, exchange),
      ...this.#bodyDifferences(response, exchange),
      ...(status < 400 ? this.#requestDifferences(operation, exchange) : []),
    ];
  }

  /** The differences of a request to which no operation applies. The server must respond that the path does not exist, that it
   *  does not support the method, or that the request has another error. */
  #differencesWithoutOperation(exchange, pattern) {
    if (exchange.method === 'OPTIONS' && (pattern || exchange.target === '*'))
      return exchange.status === 204 && exchange.headers.allow ? [] : this.#problemDifferences(exchange);
    const expected = pattern ? 405 : 404;
    const isRefused = exchange.status >= 400 && exchange.status !== 500;
    if (exchange.status !== expected && !isRefused) return [`status ${exchange.status} instead of ${expected}`];
    if (exchange.status === 405 && !exchange.headers.allow) return ['405 without Allow'];
    return this.#problemDifferences(exchange);
  }

  #problemDifferences(exchange) {
    if (exchange.method === 'HEAD') return [];
    const known = Object.values(this.#document.components.responses)[0];
    return this.#bodyDifferences(known, exchange);
  }

  #headerDifferences(response, { headers }) {
    const described = Object.fromEntries(
      Object.entries(response.headers ?? {}).map(([name, each]) => [name.toLowerCase(), this.resolve('headers', each)]),
    );
    return Object.entries(headers).flatMap(([name, value]) => {
      if (described[name]) return this.#responseErrors(described[name].schema, value).map((each) => `header ${name}: ${each}`);
      // Any route can have a rate limit, so any response can have the headers RateLimit, including errors.
      return generalHeaders.has(name) || name.startsWith('ratelimit') ? [] : [`the header ${name} is not described`];
    });
  }

  #bodyDifferences(response, { method, status, headers, body }) {
    if (method === 'HEAD' || status === 204 || status === 304) return body ? ['there is a body'] : [];
    const type = essenceOf(headers['content-type']);
    if (!response.content) return body ? ['there is a body, but none is described'] : [];
    const content = response.content[type] ?? response.content['*/*'];
    if (!content) return [`the type ${type} is not described`];
    if (!type.endsWith('json')) return [];
    try {
      return this.#responseErrors(content.schema, JSON.parse(body)).map((each) => `body: ${each}`);
    } catch (error) {
      return [`the body is not JSON: ${error.message}`];
    }
  }

  /** The differences between the description and a request that the server has accepted. */
  #requestDifferences(operation, { target, requestHeaders, requestBody }) {
    const known = new Set(
      this.parametersOf(operation)
        .filter((each) => each.in === 'query')
        .map((each) => each.name),
    );
    const names = [...new URLSearchParams(target.split('?')[1] ?? '').keys()];
    const unknown = (ignoresQuery.has(operation.operationId) ? [] : names)
      .filter((name) => !known.has(name))
      .map((name) => `the parameter ${name} is accepted, but not described`);
    if (!requestBody || !operation.requestBody || essenceOf(requestHeaders['content-type']) !== 'application/json')
      return unknown;
    const { schema } = operation.requestBody.content['application/json'];
    const errors = this.#requestErrors(schema, JSON.parse(requestBody));
    return [...unknown, ...errors.map((each) => `a body was accepted, but is not described: ${each}`)];
  }
}

/** Fails with the list of differences, unless it is empty. */
export function requireNone(differences) {
  const shown = differences.slice(0, 40).join('\n');
  assert.equal(differences.length, 0, `${differences.length} differences from the description, such as:\n${shown}`);
}

export function describeExchange({ method, target, requestBody, status, body }) {
  return `${method} ${target} ${(requestBody ?? '').slice(0, 200)} -> ${status} ${(body ?? '').slice(0, 300)}`;
}
