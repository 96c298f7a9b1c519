/** Generates random literals for input types, both valid and invalid, as lists of tokens. */
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';

/** Misspells a name, in most cases in such a way that an error message suggests the right one. */
export function misspell(random, name) {
  const index = random.integerBelow(name.length);
  return random.pick([
    name.slice(0, index) + name.slice(index + 1) || 'x',
    `${name.slice(0, index)}z${name.slice(index)}`,
    name.toUpperCase(),
    name.slice(0, index) + name.slice(index + 1, index + 2) + name.slice(index, index + 1) + name.slice(index + 2),
    `${name}2`,
    random.pick(['toString', '__proto__', 'constructor', 'nothingLikeThis', '_']),
  ]).replace(/^(?=[0-9])/, '_');
}

const integers = ['0', '1', '-7', '42', '2147483647', '-2147483648'];
const largeIntegers = ['2147483648', '-2147483649', '9007199254740993', '123456789012345678901234567890'];
// 1e400 is missing: graphql-js accepts it as infinity, although the specification (section 3.5.2) refuses it.
const floats = ['0.0', '1.5', '-2.25', '1e3', '6.02E+23', '1e-9'];
const strings = [
  '""',
  '"text"',
  '"\\u00e9\\n\\"quoted\\""',
  '"\u{1f600} \u00e9"',
  '"""block"""',
  '"""\n  lines\n    of text \\"""\n"""',
  '"\\u{1F600}"',
];

export class ValueGenerator {
  /**
   * @param slip     returns whether to insert an error now
   * @param variable returns the name of a variable for a type, or null
   */
  constructor(schema, random, slip, variable) {
    this.random = random;
    this.slip = slip;
    this.variable = variable;
    const enums = Object.values(schema.getTypeMap()).filter(isEnumType);
    this.enumNames = [...enums.flatMap((e) => e.getValues().map((v) => v.name)), 'NOTHING'];
  }

  value(type) {
    return this.#literal(type, 3, true);
  }

  /** A literal without variables. */
  constant(type) {
    return this.#literal(type, 3, false);
  }

  /** A literal of any type. */
  anything(constant = true, depth = 2) {
    const scalars = [
      () => [this.random.pick(integers)],
      () => [this.random.pick(floats)],
      () => [this.random.pick(strings)],
      () => [this.random.pick(['true', 'false'])],
      () => ['null'],
      () => [this.random.pick(this.enumNames)],
    ];
    const nested = [
      () => ['[', ...Array.from({ length: this.random.integerBelow(3) }, () => this.anything(constant, depth - 1)).flat(), ']'],
      () => {
        const names = ['id', 'name', 'id'].slice(0, this.random.integerBelow(4));
        return ['{', ...names.flatMap((n) => [n, ':', ...this.anything(constant, depth - 1)]), '}'];
      },
    ];
    return this.random.pick(depth > 0 ? [...scalars, ...nested] : scalars)();
  }

  #literal(type, depth, variables) {
    if (this.slip()) return this.anything(!variables);
    const name = variables ? this.variable(type) : null;
    if (name !== null) return ['$', name];
    if (isNonNullType(type)) return this.#nonNull(type.ofType, depth, variables);
    if (this.random.boolean(0.05)) return ['null'];
    return this.#nonNull(type, depth, variables);
  }

  #nonNull(type, depth, variables) {
    if (isListType(type)) {
      if (this.random.boolean(0.2)) return this.#literal(type.ofType, depth - 1, variables); // one item is accepted as a list
      const count = depth > 0 ? this.random.integerBelow(4) : 0;
      return ['[', ...Array.from({ length: count }, () => this.#literal(type.ofType, depth - 1, variables)).flat(), ']'];
    }
    if (isInputObjectType(type)) return this.#object(type, depth, variables);
    if (isEnumType(type)) return [this.#enumValue(type)];
    switch (type.name) {
      case 'Int':
        return [this.random.pick(this.slip() ? largeIntegers : integers)];
      case 'Float':
        return [this.random.pick([...integers, ...floats, ...largeIntegers])];
      case 'String':
        return [this.random.pick(strings)];
      case 'Boolean':
        return [this.random.pick(['true', 'false'])];
      case 'ID':
        return [this.random.pick([...strings, ...integers, ...largeIntegers])];
      default:
        return this.anything(!variables);
    }
  }

  #enumValue(type) {
    const name = this.random.pick(type.getValues()).name;
    if (!this.slip()) return name;
    return this.random.pick([misspell(this.random, name), `"${name}"`, name.toLowerCase()]);
  }

  #object(type, depth, variables) {
    const all = Object.values(type.getFields());
    let given = all.filter((f) => (isRequiredInputField(f) ? !this.slip() : depth > 0 && this.random.boolean(0.4)));
    if (type.isOneOf && !this.slip()) given = [this.random.pick(all)];
    if (given.length > 0 && this.slip()) given = [...given, this.random.pick(given)];
    const tokens = this.random.shuffle(given).flatMap((f) => {
      const name = this.slip() ? misspell(this.random, f.name) : f.name;
      const fieldType = type.isOneOf && !this.slip() ? getNullableType(f.type) : f.type;
      return [
        name,
        ':',
        ...(type.isOneOf && !this.slip()
          ? this.#nonNull(fieldType, depth - 1, variables)
          : this.#literal(fieldType, depth - 1, variables)),
      ];
    });
    return ['{', ...tokens, '}'];
  }
}
