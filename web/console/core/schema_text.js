// The GraphQL schema in the schema definition language, written from the introspection of the server.
import { request } from './api.js';

const introspection = `{
  __schema {
    types {
      kind name description
      fields(includeDeprecated: true) { name description deprecationReason args { ...Input } type { ...T } }
      inputFields { ...Input }
      interfaces { name } possibleTypes { name }
      enumValues(includeDeprecated: true) { name description deprecationReason }
    }
  }
}
fragment Input on __InputValue { name description defaultValue type { ...T } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

function typeText({ kind, name, ofType }) {
  if (kind === 'NON_NULL') return `${typeText(ofType)}!`;
  return kind === 'LIST' ? `[${typeText(ofType)}]` : name;
}

const comment = (text, indent) => (text ? `${indent}"""${text.replaceAll('"""', '\\"""')}"""\n` : '');
const inputText = ({ name, type, defaultValue }) =>
  `${name}: ${typeText(type)}${defaultValue === null ? '' : ` = ${defaultValue}`}`;
const deprecation = (reason) => (reason ? ` @deprecated(reason: ${JSON.stringify(reason)})` : '');

function fieldText({ name, description, args, type, deprecationReason }) {
  const list = args.length > 0 ? `(${args.map(inputText).join(', ')})` : '';
  return `${comment(description, '  ')}  ${name}${list}: ${typeText(type)}${deprecation(deprecationReason)}`;
}

const block = (lines) => ` {\n${lines.join('\n')}\n}`;
const valueText = ({ name, description, deprecationReason }) =>
  `${comment(description, '  ')}  ${name}${deprecation(deprecationReason)}`;

function definition({ kind, name, fields, inputFields, interfaces, possibleTypes, enumValues }) {
  const parents = interfaces?.length ? ` implements ${interfaces.map((each) => each.name).join(' & ')}` : '';
  switch (kind) {
    case 'OBJECT':
      return `type ${name}${parents}${block(fields.map(fieldText))}`;
    case 'INTERFACE':
      return `interface ${name}${parents}${block(fields.map(fieldText))}`;
    case 'INPUT_OBJECT':
      return `input ${name}${block(inputFields.map((each) => `${comment(each.description, '  ')}  ${inputText(each)}`))}`;
    case 'ENUM':
      return `enum ${name}${block(enumValues.map(valueText))}`;
    case 'UNION':
      return `union ${name} = ${possibleTypes.map((each) => each.name).join(' | ')}`;
    default:
      return `scalar ${name}`;
  }
}

export async function schemaText() {
  const { data } = await request('POST', '/graphql/', { body: { query: introspection } });
  const types = data.data.__schema.types.filter(({ name }) => !name.startsWith('__') && !builtIn.has(name));
  return `${types.map((each) => comment(each.description, '') + definition(each)).join('\n\n')}\n`;
}
