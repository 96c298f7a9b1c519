// Reads an OpenAPI document for RapiDoc, and replaces its references. It is used in place of RapiDoc's own parser, which takes
// seconds for this and has half a megabyte of script, because it supports every version and references to other hosts.

/** The part of the document to which "#/components/schemas/User" points. */
function find(document, pointer) {
  const names = pointer.slice(2).split('/');
  const found = names.reduce((each, name) => each?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  if (found === undefined) throw new Error(`the document has no ${pointer}`);
  return found;
}

/**
 * A copy of the document in which each reference is replaced by its target, with the members beside `$ref` (OpenAPI 3.1). The
 * targets are shared, so that a thousand references take no more space than one. A reference stays if its target contains it.
 */
export function dereference(document) {
  const targets = new Map();
  const unfinished = new Set(); // the pointers whose targets are being copied
  const resolveTarget = (pointer) => {
    if (!targets.has(pointer)) {
      unfinished.add(pointer);
      targets.set(pointer, copy(find(document, pointer)));
      unfinished.delete(pointer);
    }
    return targets.get(pointer);
  };
  const copyMembers = (object) => Object.fromEntries(Object.entries(object).map(([name, each]) => [name, copy(each)]));
  const copy = (value) => {
    if (Array.isArray(value)) return value.map(copy);
    if (value === null || typeof value !== 'object') return value;
    const { $ref: pointer, ...members } = value;
    if (typeof pointer !== 'string' || unfinished.has(pointer)) return copyMembers(value);
    const target = resolveTarget(pointer);
    return Object.keys(members).length > 0 ? { ...target, ...copyMembers(members) } : target;
  };
  return copy(document);
}

async function load(url) {
  const response = await fetch(url, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.json();
}

/** The interface of @apitools/openapi-parser, as far as RapiDoc uses it. */
export default {
  resolve: async ({ url, spec }) => ({ spec: dereference(spec ?? (await load(url))) }),
};
