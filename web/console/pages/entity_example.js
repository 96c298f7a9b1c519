// An example for the creation of an entity, made from its schema. The example is valid if the schema contains all rules for the
// entity.

const texts = { email: 'ann@example.com', 'date-time': '2030-01-01T12:00:00Z', uri: 'https://example.com/' };

function valueOf(field) {
  if (field.default !== undefined) return field.default;
  if (field.enum) return field.enum[0];
  if (field.type === 'integer' || field.type === 'number') return field.minimum ?? 1;
  if (field.type === 'boolean') return true;
  if (field.name.includes('username')) return 'ann';
  return texts[field.format] ?? (field.name.includes('email') ? texts.email : 'tea');
}

export const exampleOf = (entity) =>
  Object.fromEntries(entity.createFields.filter((each) => each.isRequired).map((each) => [each.name, valueOf(each)]));
