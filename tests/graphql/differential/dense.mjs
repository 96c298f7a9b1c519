/**
 * Generates random documents with few names and very many elements: fragments that spread each other, fields with the same key,
 * many operations. Such documents are expensive to validate, so the cost of every step matters.
 */
import { getNamedType, isAbstractType, isCompositeType, isLeafType, isUnionType } from 'graphql';

import { Random } from './random.mjs';

export function generateDenseDocument(schema, seed) {
  const random = new Random(seed);
  return random.pick([crowd, web, chain, crossing, operations, subscriptions])(schema, random);
}

/** Returns a field of the query type whose type is an object or an interface, and the fields of that type. */
function someFields(schema, random) {
  const query = schema.getQueryType();
  const usable = (f) => f.args.every((a) => !/!$/.test(String(a.type)));
  const fieldsOf = (t) => Object.values(t.getFields()).filter(usable);
  const branches = fieldsOf(query).filter((f) => {
    const t = getNamedType(f.type);
    return isCompositeType(t) && !isUnionType(t) && fieldsOf(t).some((g) => isLeafType(getNamedType(g.type)));
  });
  const branch = random.pick(branches);
  const type = getNamedType(branch.type);
  const leaves = fieldsOf(type).filter((f) => isLeafType(getNamedType(f.type)));
  const nested = fieldsOf(type).filter((f) => {
    const t = getNamedType(f.type);
    return isCompositeType(t) && !isUnionType(t);
  });
  const below = isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  return { query, branch, type, leaves, nested, below };
}

const repeat = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join(' ');

/** Many fields with the same key in one selection. */
function crowd(schema, random) {
  const { branch, leaves, type } = someFields(schema, random);
  const leaf = random.pick(leaves);
  const args =
    leaf.args.length > 0 && random.chance(0.7)
      ? () =>
          `(${leaf.args[0].name}: ${random.weighted([
            [50, 1],
            [1, 2],
          ])})`
      : () => '';
  const inside = repeat(random.between(100, 600), () =>
    random.chance(0.5) ? `${leaf.name}${args()}` : `... on ${type.name} { ${leaf.name}${args()} }`,
  );
  return `{ ${branch.name} { ${inside} } }`;
}

/** Fragments that spread many other fragments. */
function web(schema, random) {
  const { branch, type, leaves, below } = someFields(schema, random);
  const count = random.between(10, 120);
  const density = random.between(2, 20);
  const fragments = repeat(count, (i) => {
    const others = repeat(
      density,
      () => `...F${random.chance(0.9) ? random.between(Math.min(i + 1, count - 1), count - 1) : random.below(count)}`,
    );
    const on = random.chance(0.5) ? type.name : random.pick(below).name;
    return `fragment F${i} on ${on} { ${random.pick(leaves).name} ${
      random.chance(0.2) ? `a: ${random.pick(leaves).name}` : ''
    } ${others} }\n`;
  });
  return `{ ${branch.name} { ${repeat(random.between(1, 30), () => `...F${random.below(count)}`)} } }\n${fragments}`;
}

/** Fragments each of which spreads the next one. In half of the documents, the last one spreads the first one. */
function chain(schema, random) {
  const { branch, type, leaves } = someFields(schema, random);
  const count = random.between(50, 700);
  const end = random.chance(0.5) ? '' : '...F0';
  const fragments = repeat(
    count,
    (i) => `fragment F${i} on ${type.name} { ${random.pick(leaves).name} ${i + 1 < count ? `...F${i + 1}` : end} }\n`,
  );
  return `{ ${branch.name} { ${random.pick(leaves).name} ...F0 ...F${random.below(count)} } }\n${fragments}`;
}

/** The same fields with selections again and again, in operations and in fragments. */
function crossing(schema, random) {
  const { query, branch, type, leaves, nested } = someFields(schema, random);
  const count = random.between(5, 40);
  const keys = ['a', 'b', 'c'];
  const inner = () => {
    const field = nested.length > 0 && random.chance(0.5) ? random.pick(nested) : null;
    if (field === null)
      return `${random.pick(keys)}: ${random.weighted([
        [20, leaves[0].name],
        [1, random.pick(leaves).name],
      ])}`;
    const t = getNamedType(field.type);
    return `${field.name} { ...on ${t.name} { __typename } ${t === type ? `...G${random.below(count)}` : ''} }`;
  };
  const fragments = repeat(
    count,
    (i) =>
      `fragment F${i} on ${query.name} { ${branch.name} { ${inner()} ...G${i} ...G${random.below(count)} } ${
        random.chance(0.5) ? `...F${random.below(count)}` : ''
      } }\n`,
  );
  const others = repeat(count, (i) => `fragment G${i} on ${type.name} { ${inner()} ${inner()} }\n`);
  return `{ ${repeat(random.between(2, count), (i) => `...F${i}`)} ${
    repeat(random.between(2, 40), () => `${branch.name} { ${inner()} }`)
  } }\n${fragments}${others}`;
}

/** Many operations that share fragments with variables. */
function operations(schema, random) {
  const { branch, type, leaves } = someFields(schema, random);
  const variables = random.between(1, 30);
  const fragments = random.between(2, 40);
  const count = random.between(20, 300);
  const condition = () => `@include(if: $v${random.below(variables)})`;
  const definitions = repeat(
    fragments,
    (i) =>
      `fragment F${i} on ${type.name} { ${
        repeat(random.between(1, 8), () => `${random.pick(leaves).name} ${condition()}`)
      } ...F${random.below(fragments)} }\n`,
  );
  const all = repeat(
    count,
    (i) =>
      `query Q${i}(${repeat(variables, (v) => `$v${v}: Boolean!`)}) { ${branch.name} { ${
        repeat(random.between(1, 4), () => `...F${random.below(fragments)}`)
      } __typename ${condition()} } }\n`,
  );
  return all + definitions;
}

/** Many subscriptions that share fragments. */
function subscriptions(schema, random) {
  const root = schema.getSubscriptionType() ?? schema.getQueryType();
  const field = random.pick(Object.values(root.getFields()));
  const fragments = random.between(2, 60);
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const definitions = repeat(
    fragments,
    (i) =>
      `fragment F${i} on ${root.name} { ${
        repeat(random.between(1, 20), () => `${field.name} ${random.chance(0.1) ? '@skip(if: false)' : ''} ${selection}`)
      } ${repeat(random.between(0, 3), () => `...F${random.below(fragments)}`)} }\n`,
  );
  return repeat(random.between(10, 80), (i) => `subscription S${i} { ...F${random.below(fragments)} }\n`) + definitions;
}
