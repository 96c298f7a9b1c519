// The entities of the server, as /openapi.json describes them. The pages of entities know nothing else about them.
import { signal } from '@preact/signals';

import { get } from './api.js';

/** {document, entities, error}; undefined until the document has arrived. */
export const description = signal(undefined);

const listParameters = new Set(['limit', 'after', 'ids', 'search', 'sort']);

/** Follows `$ref`. If a schema also allows null (`anyOf` with null, or a list of types), returns its other type. */
export function resolve(document, schema) {
  if (!schema) return {};
  if (schema.$ref) {
    const found = schema.$ref
      .slice(2)
      .split('/')
      .reduce((each, name) => each?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
    return { ...resolve(document, found), ...without(schema, '$ref') };
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const real = choices.map((each) => resolve(document, each)).find((each) => each.type !== 'null');
    return { ...real, ...without(schema, 'anyOf', 'oneOf'), isNullable: true };
  }
  if (Array.isArray(schema.type)) {
    return { ...schema, type: schema.type.find((each) => each !== 'null'), isNullable: schema.type.includes('null') };
  }
  return schema;
}

const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

function fieldsOf(document, schema) {
  const resolved = resolve(document, schema);
  const required = new Set(resolved.required ?? []);
  return Object.entries(resolved.properties ?? {}).map(([name, each]) => ({
    name,
    isRequired: required.has(name),
    reference: each['x-atrium-reference'],
    ...resolve(document, each),
  }));
}

const scopeOf = (operation) => operation?.security?.flatMap((each) => Object.values(each).flat())[0];

const bodyOf = (operation) =>
  operation?.requestBody &&
  (operation.requestBody.content?.['application/json'] ?? Object.values(operation.requestBody.content ?? {})[0])?.schema;

function parametersOf(document, operation) {
  return (operation.parameters ?? [])
    .map((each) => resolve(document, each))
    .filter((each) => each.in === 'query')
    .map((each) => ({
      name: each.name,
      description: each.description,
      referenceField: each['x-atrium-reference-field'],
      ...resolve(document, each.schema),
      reference: each['x-atrium-reference'] ?? each.schema?.['x-atrium-reference'],
    }));
}

const sortsOf = (parameter) => (parameter?.enum ?? parameter?.examples ?? []).filter((each) => !each.startsWith('-'));

function entityOf(document, path, item) {
  const annotation = item['x-atrium-entity'];
  const itemById = document.paths[`${path}{id}`] ?? {};
  const parameters = parametersOf(document, item.get);
  return {
    name: annotation.name,
    plural: annotation.plural,
    path: annotation.path ?? path,
    eventsKey: annotation.events_key,
    description: resolve(document, { $ref: `#/components/schemas/${annotation.name}` }).description,
    fields: fieldsOf(document, { $ref: `#/components/schemas/${annotation.name}` }),
    createFields: fieldsOf(document, bodyOf(item.post)),
    changeFields: fieldsOf(document, bodyOf(itemById.patch)),
    filters: parameters.filter((each) => !listParameters.has(each.name)),
    search: parameters.find((each) => each.name === 'search'),
    sorts: sortsOf(parameters.find((each) => each.name === 'sort')),
    scopes: {
      list: scopeOf(item.get),
      create: scopeOf(item.post),
      change: scopeOf(itemById.patch),
      remove: scopeOf(itemById.delete),
    },
  };
}

export function entitiesOf(document) {
  return Object.entries(document.paths ?? {})
    .filter(([, item]) => item['x-atrium-entity'])
    .map(([path, item]) => entityOf(document, path, item));
}

export async function loadDescription() {
  try {
    const { data: document } = await get('/openapi.json');
    description.value = { document, entities: entitiesOf(document) };
  } catch (error) {
    description.value = { entities: [], error };
  }
}

export const findEntity = (plural) => description.value?.entities.find((each) => each.plural === plural);

/** Returns the address of the page of the entity that an event key such as "order/7" names. */
export function pageOfKey(key) {
  const [kind, id] = key?.split('/') ?? [];
  const entity = description.value?.entities.find((each) => each.eventsKey === kind);
  return entity && id ? `/console/entities/${entity.plural}/${id}` : undefined;
}

/** The name of the field by which people recognize an entity: the first text that is required to create one. */
export function nameFieldOf(entity) {
  const isRequiredText = (each) => each.isRequired && each.type === 'string' && !each.format;
  const created = entity.createFields.find(
    (each) => isRequiredText(each) && entity.fields.some(({ name }) => name === each.name) && !each.reference,
  );
  return created?.name;
}

/**
 * The lists of other entities that refer to this kind of entity: [{entity, parameter, valueOf}]. For a reference
 * `user_id`, the list is filtered by its parameter `user_id` or, if it has no such parameter, by `user` with the user's name.
 * `valueOf(record)` returns the value of the parameter for one entity.
 */
export function relationsOf(entity) {
  const relations = [];
  for (const other of description.value?.entities ?? []) {
    for (const field of other.fields.filter((each) => each.reference === entity.plural)) {
      const byId = other.filters.find((each) => each.name === field.name);
      const byName = other.filters.find((each) => each.name === field.name.replace(/_id$/, ''));
      const nameField = byName?.referenceField ?? nameFieldOf(entity);
      if (byId) relations.push({ entity: other, parameter: byId.name, valueOf: (record) => record.id });
      else if (byName && nameField)
        relations.push({ entity: other, parameter: byName.name, valueOf: (record) => record[nameField] });
    }
  }
  return relations;
}
