// Writes GraphQL operations that do the same as requests to REST. The names of fields and arguments come from the GraphQL
// schema of the server.
import { request } from './api.js';

const introspection = `{
  __schema {
    queryType { fields { name args { name type { ...T } } type { ...T } } }
    types { name kind fields { name type { ...T } } }
  }
}
fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }`;

let schema;

async function loadSchema() {
  schema ??= request('POST', '/graphql/', { body: { query: introspection } }).then(({ data }) => data.data.__schema);
  try {
    return await schema;
  } catch (error) {
    schema = undefined;
    throw error;
  }
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const isList = (type) => type?.kind === 'LIST' || (type?.kind === 'NON_NULL' && isList(type.ofType));
const named = (type) => (type.name ? type : named(type.ofType));
const isLeaf = (type) => ['SCALAR', 'ENUM'].includes(named(type).kind);

function literal(type, value) {
  const { kind, name } = named(type);
  if (kind === 'ENUM') return String(value).toUpperCase();
  return ['Int', 'Float', 'Boolean'].includes(name) || (name === 'ID' && /^\d+$/.test(value))
    ? String(value)
    : JSON.stringify(String(value));
}

function call(field, values) {
  const texts = field.args
    .filter(({ name }) => values[name] !== undefined && values[name] !== '')
    .map(({ name, type }) => `${name}: ${literal(type, values[name])}`);
  return field.name + (texts.length ? `(${texts.join(', ')})` : '');
}

const selectionOf = (types, name, indent) =>
  types
    .find((each) => each.name === name)
    .fields.filter(({ type }) => isLeaf(type))
    .map((each) => `${indent}${each.name}`)
    .join('\n');

/** Returns the query for the list that a REST request with these parameters returns, or for one entity if `parameters` has an
 *  id. */
export async function queryFor(entity, parameters) {
  const { queryType, types } = await loadSchema();
  const isOne = parameters.id !== undefined;
  const field = queryType.fields.find(
    ({ type, args }) =>
      named(type).name === entity.name && isList(type) !== isOne && (!isOne || args.some(({ name }) => name === 'id')),
  );
  if (!field) throw new Error(`The GraphQL schema has no field for ${entity.plural}.`);
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [camel(name === 'limit' ? 'first' : name), value]),
  );
  return `{\n  ${call(field, values)} {\n${selectionOf(types, entity.name, '    ')}\n  }\n}`;
}
