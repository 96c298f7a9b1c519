/**
 * Generates random documents for a schema: many are valid, many have one error, and some have many errors. The same seed always
 * generates the same document.
 *
 *   generateDocument(buildSchema(sdl), 17)
 *
 * A document is generated as a list of tokens. Afterwards, blanks, line ends and comments are inserted between the tokens, so
 * that locations are tested as well.
 */
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputType,
  isLeafType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

import { Random } from './random.mjs';
import { ValueGenerator, misspell } from './values.mjs';

export function generateDocument(schema, seed) {
  return new DocumentGenerator(schema, seed).document();
}

/** For each document, one of these is chosen as the probability that an element of the document has an error. */
const slipRates = [0, 0, 0.003, 0.01, 0.03, 0.1, 0.3];

class DocumentGenerator {
  constructor(schema, seed) {
    this.schema = schema;
    this.random = new Random(seed);
    this.slipRate = this.random.pick(slipRates);
    this.namedTypes = Object.values(schema.getTypeMap());
    this.compositeTypes = this.namedTypes.filter((t) => isCompositeType(t) && !t.name.startsWith('__'));
    this.directives = schema.getDirectives();
    this.variables = new Map(); // name -> type, for the whole document
    this.fragments = this.#planFragments();
    this.values = new ValueGenerator(schema, this.random, () => this.slip(), (type) => this.#variable(type));
    this.aliases = this.random.boolean(0.3) ? ['a', 'b'] : ['a', 'b', 'first', 'other', 'x1', 'x2', 'name', 'id'];
  }

  /** Returns whether to insert an error now. */
  slip() {
    return this.random.boolean(this.slipRate);
  }

  document() {
    const operations = Array.from({ length: this.random.pickWeighted([[8, 1], [2, 2], [1, 3], [this.slipRate, 0]]) }, (_, i) =>
      this.#operationBody(i),
    );
    const fragments = this.fragments.filter((f) => f.used || this.slip()).map((f) => this.#fragmentBody(f));
    // The bodies of fragments may spread fragments that have not been generated yet. This loop generates them.
    for (let i = 0; i < this.fragments.length; ++i) {
      const f = this.fragments[i];
      if (f.used && f.body === undefined && !this.slip()) fragments.push(this.#fragmentBody(f));
    }
    if (fragments.length > 0 && this.slip()) fragments.push(this.random.pick(fragments));
    let definitions = [
      ...operations.map((o, i) => this.#operation(o, i, operations.length)),
      ...fragments.map((f) => this.#fragment(f)),
    ];
    if (this.slip()) definitions.push(this.#typeSystemDefinition());
    if (definitions.length === 0) definitions.push(['{', '__typename', '}']);
    if (this.random.boolean(0.3)) definitions = this.random.shuffle(definitions);
    return this.#layout(definitions);
  }

  // --- operations and fragments ---------------------------------------------------------------------------------------------

  #operationBody(index) {
    const types = ['query', 'query', 'query', 'mutation', 'subscription'].filter(
      (t) => this.slip() || this.schema.getRootType(t),
    );
    const type = this.random.pick(types.length > 0 ? types : ['query']);
    const root = this.schema.getRootType(type);
    const body = this.#record({ name: `Op${index}`, type }, () =>
      root
        ? this.#selectionSet(root, this.random.integerBetween(1, 4), type === 'subscription' && !this.slip())
        : ['{', 'anything', '}'],
    );
    return body;
  }

  /** Generates the tokens of a definition with `make`, and records which variables and fragments they use. */
  #record(definition, make) {
    this.current = { ...definition, variables: new Set(), spreads: new Set() };
    const recorded = this.current;
    recorded.tokens = make();
    return recorded;
  }

  #operation(o, index, count) {
    const used = [...this.#variablesOf(o)].filter(() => !this.slip());
    if (this.slip()) used.push(this.random.pick([...this.variables.keys(), 'unused']));
    if (used.length > 0 && this.slip()) used.push(this.random.pick(used));
    const named = count > 1 ? !this.slip() : used.length > 0 || this.random.boolean(0.5) || o.type !== 'query';
    const name = this.slip() ? 'Op0' : `Op${index}`;
    const directives = this.#directives(o.type.toUpperCase());
    if (!named && o.type === 'query' && used.length === 0 && directives.length === 0 && this.random.boolean(0.7))
      return o.tokens;
    const description = this.random.boolean(0.03) ? ['"""describes\nthis"""'] : [];
    const definitions = used.length > 0 ? ['(', ...used.flatMap((v) => this.#variableDefinition(v)), ')'] : [];
    return [...description, o.type, ...(named ? [name] : []), ...definitions, ...directives, ...o.tokens];
  }

  #variablesOf(operation) {
    const variables = new Set(operation.variables);
    const seen = new Set();
    const pending = [...operation.spreads];
    while (pending.length > 0) {
      const f = pending.pop();
      if (seen.has(f)) continue;
      seen.add(f);
      for (const v of f.body?.variables ?? []) variables.add(v);
      pending.push(...(f.body?.spreads ?? []));
    }
    return variables;
  }

  #variableDefinition(name) {
    let type = this.variables.get(name) ?? this.random.pick(this.#inputTypes());
    if (this.slip()) type = this.random.pick(this.namedTypes);
    let text = String(type);
    if (this.random.boolean(0.1)) text = `${getNullableType(type)}!`;
    if (this.slip()) text = String(getNullableType(type));
    if (this.slip()) text = `[${text}]`;
    if (this.slip()) text = text.replace(/[A-Za-z_0-9]+/, (n) => misspell(this.random, n));
    const hasDefault = isInputType(type) && this.random.boolean(text.endsWith('!') ? 0.05 : 0.2);
    const value = hasDefault ? ['=', ...this.values.constant(type)] : [];
    return ['$', name, ':', ...text.match(/[A-Za-z_0-9]+|[[\]!]/g), ...value, ...this.#directives('VARIABLE_DEFINITION', true)];
  }

  #inputTypes() {
    return this.namedTypes.filter((t) => isInputType(t));
  }

  /** Returns the name of a variable for a position of this type, or null if the position should have a literal. */
  #variable(type) {
    if (this.current === undefined || !this.random.boolean(0.15)) return null;
    const suitable = [...this.variables].filter(([, t]) => String(t) === String(type) || this.slip()).map(([name]) => name);
    let name = this.random.pick(suitable);
    if (name === undefined || this.random.boolean(0.2)) {
      name = `v${this.variables.size}`;
      this.variables.set(name, type);
    }
    this.current.variables.add(name);
    return name;
  }

  #planFragments() {
    const count = this.random.pickWeighted([
      [4, 0],
      [3, 2],
      [2, 4],
      [1, 8],
    ]);
    return Array.from({ length: count }, (_, i) => ({
      name: `F${i}`,
      rank: i,
      type: this.random.pick(this.compositeTypes),
      used: false,
    }));
  }

  #fragmentBody(f) {
    f.body = this.#record({ fragment: f }, () => this.#selectionSet(f.type, this.random.integerBetween(1, 3)));
    f.body.fragment = f;
    return f.body;
  }

  #fragment(body) {
    const { fragment } = body;
    const condition = this.slip() ? this.#anyTypeName() : fragment.type.name;
    const description = this.random.boolean(0.02) ? ['"a fragment"'] : [];
    return [
      ...description,
      'fragment',
      fragment.name,
      'on',
      condition,
      ...this.#directives('FRAGMENT_DEFINITION'),
      ...body.tokens,
    ];
  }

  #anyTypeName() {
    const name = this.random.pick(this.namedTypes).name;
    return this.random.boolean(0.5) ? misspell(this.random, name) : name;
  }

  // --- selections -----------------------------------------------------------------------------------------------------------

  #selectionSet(type, depth, single = false) {
    const count = single ? 1 : this.random.pickWeighted([[4, 1], [4, 2], [3, 4], [1, 7]]);
    const selections = Array.from({ length: count }, () => this.#selection(type, depth, single)).flat();
    return ['{', ...selections, '}'];
  }

  #selection(type, depth, single) {
    if (depth > 0 && this.random.boolean(0.12)) return this.#inlineFragment(type, depth, single);
    if (this.random.boolean(0.15)) {
      const spread = this.#spread(type);
      if (spread !== null) return spread;
    }
    return this.#field(type, depth, single);
  }

  #field(type, depth, single) {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const candidates = depth > 0 ? fields : fields.filter((f) => isLeafType(getNamedType(f.type)));
    let field = candidates.length > 0 ? this.random.pick(candidates) : null;
    if (!single && this.random.boolean(0.05)) field = null;
    if (field === null && single && fields.length > 0) field = this.random.pick(fields);
    if (field === null && type === this.schema.getQueryType() && this.random.boolean(0.3)) return this.#introspection();
    let name = field === null ? '__typename' : field.name;
    if (this.slip()) {
      const other = this.random.pick(this.compositeTypes);
      const names = isUnionType(other) ? ['name'] : Object.keys(other.getFields());
      name = this.random.boolean(0.5) ? misspell(this.random, name) : this.random.pick(names);
    }
    const alias = this.random.boolean(this.slip() ? 0.8 : 0.12) ? [this.random.pick(this.aliases), ':'] : [];
    const args = field === null ? [] : this.#arguments(field.args);
    const composite = field !== null && !isLeafType(getNamedType(field.type));
    const selections =
      composite !== this.slip()
        ? this.#selectionSet(composite ? getNamedType(field.type) : this.random.pick(this.compositeTypes), depth - 1)
        : [];
    return [...alias, name, ...args, ...this.#directives('FIELD', false, single), ...selections];
  }

  #introspection() {
    const fields = ['fields', 'interfaces', 'possibleTypes', 'inputFields', 'ofType'];
    const type = (depth) => {
      const inner = depth > 0 && this.random.boolean(0.7) ? this.random.pick(fields) : null;
      const further =
        inner === null
          ? []
          : [
              inner,
              ...(/[sS]$/.test(inner) && inner.endsWith('ields')
                ? ['{', 'name', 'type', ...type(depth - 1), '}']
                : type(depth - 1)),
            ];
      const own =
        this.fragments.length > 0 && this.random.boolean(0.2) ? (this.#spread(this.schema.getType('__Type')) ?? []) : [];
      return ['{', 'name', ...further, ...own, '}'];
    };
    return this.random.boolean(0.5)
      ? ['__schema', '{', 'types', ...type(this.random.integerBetween(0, 4)), '}']
      : ['__type', '(', 'name', ':', '"Query"', ')', ...type(this.random.integerBetween(0, 5))];
  }

  #inlineFragment(type, depth, single) {
    let condition = this.random.boolean(0.25) ? null : this.random.pick(this.#overlapping(type));
    if (this.slip()) condition = this.random.pick(this.compositeTypes);
    const name = this.slip() ? this.#anyTypeName() : condition?.name;
    const inside = this.#selectionSet(condition ?? type, depth - 1, single);
    return [
      '...',
      ...(condition === null ? [] : ['on', name]),
      ...this.#directives('INLINE_FRAGMENT', false, single),
      ...inside,
    ];
  }

  #spread(type) {
    // Unless an error is inserted here, only fragments of a higher rank are spread, so that there are no cycles.
    const rank = this.slip() ? -1 : this.current?.fragment?.rank ?? -1;
    const candidates = this.fragments.filter((f) => f.rank > rank && (this.slip() || this.#overlapping(type).includes(f.type)));
    const f = candidates.length > 0 ? this.random.pick(candidates) : null;
    if (f === null && !this.slip()) return null;
    if (f !== null) {
      f.used = true;
      this.current.spreads.add(f);
    }
    return ['...', f === null || this.slip() ? 'Missing' : f.name, ...this.#directives('FRAGMENT_SPREAD')];
  }

  #overlapping(type) {
    const possible = (t) => (isAbstractType(t) ? this.schema.getPossibleTypes(t) : [t]);
    return [type, ...this.compositeTypes.filter((t) => possible(t).some((p) => possible(type).includes(p)))];
  }

  // --- arguments and directives ---------------------------------------------------------------------------------------------

  #arguments(definitions, constant = false) {
    const given = definitions.filter((a) => (isRequiredArgument(a) ? !this.slip() : this.random.boolean(0.4)));
    if (given.length > 0 && this.slip()) given.push(this.random.pick(given));
    const tokens = this.random.shuffle(given).flatMap((a) => {
      const name = this.slip() ? misspell(this.random, a.name) : a.name;
      return [name, ':', ...(constant ? this.values.constant(a.type) : this.values.value(a.type))];
    });
    if (this.slip()) tokens.push('extra', ':', ...this.values.anything());
    return tokens.length > 0 ? ['(', ...tokens, ')'] : [];
  }

  #directives(location, constant = false, areForbidden = false) {
    if (areForbidden || !this.random.boolean(0.08 + this.slipRate / 2)) return [];
    const fitting = this.directives.filter((d) => d.locations.includes(location) || this.slip());
    const chosen = Array.from({ length: this.random.integerBetween(1, 2) }, () => this.random.pick(fitting)).filter(
      (d) => d !== undefined,
    );
    const distinct = chosen.filter((d, i) => d.isRepeatable || chosen.indexOf(d) === i || this.slip());
    const tokens = distinct.flatMap((d) => ['@', d.name, ...this.#arguments(d.args, constant)]);
    if (this.slip()) {
      tokens.push('@', 'unknown');
      if (this.random.boolean(0.5)) tokens.push('(', 'id', ':', ...this.values.anything(constant), ')');
    }
    return tokens;
  }

  #typeSystemDefinition() {
    const directives = this.slip() ? this.#directives(this.random.pick(['OBJECT', 'FIELD', 'SCALAR']), true) : [];
    return this.random.pick([
      ['type', 'Extra', ...directives, '{', 'field', ':', this.#anyTypeName(), '}'],
      ['scalar', 'Extra', ...directives, '@', 'specifiedBy', '(', 'url', ':', ...this.values.anything(true), ')'],
      ['extend', 'schema', '@', 'unknown'],
      ['schema', '{', 'query', ':', this.#anyTypeName(), '}'],
      ['enum', 'Extra', '{', 'A', '@', 'deprecated', '(', 'reason', ':', ...this.values.anything(true), ')', 'B', '}'],
      [
        'input',
        'Extra',
        '{',
        'a',
        ':',
        '[',
        this.#anyTypeName(),
        '!',
        ']',
        '=',
        ...this.values.anything(true),
        ...directives,
        '}',
      ],
      ['extend', 'input', 'Extra', '{', 'a', ':', 'Int', ...directives, '@', 'deprecated', '}'],
      ['extend', 'union', 'Extra', ...directives, '=', this.#anyTypeName()],
      [
        'interface',
        'Extra',
        'implements',
        this.#anyTypeName(),
        '{',
        'f',
        '(',
        'a',
        ':',
        'Int',
        '@',
        'deprecated',
        ')',
        ':',
        'Int',
        '}',
      ],
      [
        'directive',
        '@',
        'unknown',
        '(',
        'id',
        ':',
        'Int',
        '!',
        ')',
        ...(this.random.boolean(0.5) ? ['repeatable'] : []),
        'on',
        'FIELD',
        '|',
        'QUERY',
      ],
      ['directive', '@', 'skip', '(', 'unless', ':', 'Boolean', ')', 'on', 'FIELD'],
    ]);
  }

  // --- layout ---------------------------------------------------------------------------------------------------------------

  #layout(definitions) {
    const style = this.random.pickWeighted([
      [
        6,
        [
          [10, ' '],
          [1, '\n'],
          [0.3, ', '],
        ],
      ],
      [
        2,
        [
          [5, '\n'],
          [5, ' '],
          [0.5, ' # a comment, \u00e9\u{1f600}\n'],
          [0.5, '\r\n'],
          [0.3, '\r'],
          [0.3, '\t'],
          [0.3, '\ufeff'],
        ],
      ],
    ]);
    const start = this.random.boolean(0.05) ? '\ufeff' : '';
    const tokens = definitions.flat();
    let text = start;
    tokens.forEach((token, i) => {
      const tight = token === '@' || token === '$' || i + 1 === tokens.length;
      text += token + (tight && this.random.boolean(0.95) ? '' : this.random.pickWeighted(style));
    });
    return text;
  }
}
