/**
 * Generates random documents with few names and very many elements: fragments that spread each other, fields with the same key,
 * many operations. Such documents are expensive to validate, so the cost of every step matters.
 */
import { getNamedType, isAbstractType, isCompositeType, isLeafType, isUnionType } from 'graphql';

import { Random } from './random.mjs';

export function generateDenseDocument(schema, seed) {
  const random = new Random(seed);
  return random.pick([crowd, web, chain, merging, operations, subscriptions])(schema, random);
}

/** Chooses `branch`, a field of the query type that returns an object or an interface, which is `type`. Also returns two
 *  lists of the fields of `type`: `simpleFields` return a scalar or an enum; `nested` return an object or an interface, so
 *  they need a selection. `typeConditions` contains `type` and, if `type` is an interface, the object types that implement
 *  it. */
function chooseFields(schema, random) {
  const query = schema.getQueryType();
  const usable = (f) => f.args.every((a) => !/!$/.test(String(a.type)));
  const fieldsOf = (t) => Object.values(t.getFields()).filter(usable);
  const branches = fieldsOf(query).filter((f) => {
    const t = getNamedType(f.type);
    return isCompositeType(t) && !isUnionType(t) && fieldsOf(t).some((g) => isLeafType(getNamedType(g.type)));
  });
  const branch = random.pick(branches);
  const type = getNamedType(branch.type);
  const simpleFields = fieldsOf(type).filter((f) => isLeafType(getNamedType(f.type)));
  const nested = fieldsOf(type).filter((f) => {
    const t = getNamedType(f.type);
    return isCompositeType(t) && !isUnionType(t);
  });
  const typeConditions = isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  return { query, branch, type, simpleFields, nested, typeConditions };
}

const repeat = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join(' ');

/** Many fields with the same key in one selection. */
function crowd(schema, random) {
  const { branch, simpleFields, type } = chooseFields(schema, random);
  const simpleField = random.pick(simpleFields);
  const args =
    simpleField.args.length > 0 && random.boolean(0.7)
      ? () =>
          `(${simpleField.args[0].name}: ${random.pickWeighted([
            [50, 1],
            [1, 2],
          ])})`
      : () => '';
  const inside = repeat(random.integerBetween(100, 600), () =>
    random.boolean(0.5) ? `${simpleField.name}${args()}` : `... on ${type.name} { ${simpleField.name}${args()} }`,
  );
  return `{ ${branch.name} { ${inside} } }`;
}

/** Fragments that spread many other fragments. */
function web(schema, random) {
  const { branch, type, simpleFields, typeConditions } = chooseFields(schema, random);
  const count = random.integerBetween(10, 120);
  const density = random.integerBetween(2, 20);
  const fragments = repeat(count, (i) => {
    const others = repeat(
      density,
      () => {
        const min = random.boolean(0.9) ? Math.min(i + 1, count - 1) : 0; // mostly later ones, for few cycles
        return `...F${random.integerBetween(min, count - 1)}`;
      },
    );
    const on = random.boolean(0.5) ? type.name : random.pick(typeConditions).name;
    return `fragment F${i} on ${on} { ${random.pick(simpleFields).name} ${
      random.boolean(0.2) ? `a: ${random.pick(simpleFields).name}` : ''
    } ${others} }\n`;
  });
  const spreads = repeat(random.integerBetween(1, 30), () => `...F${random.integerBelow(count)}`);
  return `{ ${branch.name} { ${spreads} } }\n${fragments}`;
}

/** Fragments each of which spreads the next one. In half of the documents, the last one spreads the first one. */
function chain(schema, random) {
  const { branch, type, simpleFields } = chooseFields(schema, random);
  const count = random.integerBetween(50, 700);
  const end = random.boolean(0.5) ? '' : '...F0';
  const fragments = repeat(
    count,
    (i) => `fragment F${i} on ${type.name} { ${random.pick(simpleFields).name} ${i + 1 < count ? `...F${i + 1}` : end} }\n`,
  );
  return `{ ${branch.name} { ${random.pick(simpleFields).name} ...F0 ...F${random.integerBelow(count)} } }\n${fragments}`;
}

/** One operation and its fragments, which repeatedly select the same fields. Many of these fields have a selection, and it
 *  differs from place to place, so that all of these selections must be merged. */
function merging(schema, random) {
  const { query, branch, type, simpleFields, nested } = chooseFields(schema, random);
  const count = random.integerBetween(5, 40);
  const keys = ['a', 'b', 'c'];
  const inner = () => {
    const field = nested.length > 0 && random.boolean(0.5) ? random.pick(nested) : null;
    if (field === null)
      return `${random.pick(keys)}: ${random.pickWeighted([
        [20, simpleFields[0].name],
        [1, random.pick(simpleFields).name],
      ])}`;
    const t = getNamedType(field.type);
    return `${field.name} { ...on ${t.name} { __typename } ${t === type ? `...G${random.integerBelow(count)}` : ''} }`;
  };
  const fragments = repeat(
    count,
    (i) =>
      `fragment F${i} on ${query.name} { ${branch.name} { ${inner()} ...G${i} ...G${random.integerBelow(count)} } ${
        random.boolean(0.5) ? `...F${random.integerBelow(count)}` : ''
      } }\n`,
  );
  const others = repeat(count, (i) => `fragment G${i} on ${type.name} { ${inner()} ${inner()} }\n`);
  return `{ ${repeat(random.integerBetween(2, count), (i) => `...F${i}`)} ${
    repeat(random.integerBetween(2, 40), () => `${branch.name} { ${inner()} }`)
  } }\n${fragments}${others}`;
}

/** Many operations that spread the same fragments. The fragments use variables of the operations. */
function operations(schema, random) {
  const { branch, type, simpleFields } = chooseFields(schema, random);
  const variables = random.integerBetween(1, 30);
  const fragments = random.integerBetween(2, 40);
  const count = random.integerBetween(20, 300);
  const condition = () => `@include(if: $v${random.integerBelow(variables)})`;
  const definitions = repeat(
    fragments,
    (i) =>
      `fragment F${i} on ${type.name} { ${
        repeat(random.integerBetween(1, 8), () => `${random.pick(simpleFields).name} ${condition()}`)
      } ...F${random.integerBelow(fragments)} }\n`,
  );
  const all = repeat(
    count,
    (i) =>
      `query Q${i}(${repeat(variables, (v) => `$v${v}: Boolean!`)}) { ${branch.name} { ${
        repeat(random.integerBetween(1, 4), () => `...F${random.integerBelow(fragments)}`)
      } __typename ${condition()} } }\n`,
  );
  return all + definitions;
}

/** Many subscriptions that spread the same fragments. */
function subscriptions(schema, random) {
  const root = schema.getSubscriptionType() ?? schema.getQueryType();
  const field = random.pick(Object.values(root.getFields()));
  const fragments = random.integerBetween(2, 60);
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const condition = () => (random.boolean(0.1) ? '@skip(if: false)' : '');
  const definitions = repeat(
    fragments,
    (i) =>
      `fragment F${i} on ${root.name} { ${
        repeat(random.integerBetween(1, 20), () => `${field.name} ${condition()} ${selection}`)
      } ${repeat(random.integerBetween(0, 3), () => `...F${random.integerBelow(fragments)}`)} }\n`,
  );
  const count = random.integerBetween(10, 80);
  return repeat(count, (i) => `subscription S${i} { ...F${random.integerBelow(fragments)} }\n`) + definitions;
}
