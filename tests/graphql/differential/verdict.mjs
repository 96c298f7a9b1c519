/** What graphql-js says of a document, and whether somebody else says the same. */
import { GraphQLError, parse, validate } from 'graphql';

/** What is compared of errors. */
export const plain = (errors) => errors.map((e) => ({ message: e.message, locations: (e.locations ?? []).map(({ line, column }) => ({ line, column })) }));

/** What graphql-js says. `thrown`: it gave up in the middle, with what is then the only error that it tells. */
export function expected(schema, text) {
  let document;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: plain([error]) };
  }
  try {
    return { errors: plain(validate(schema, document)) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { thrown: plain([error])[0] };
  }
}

/** Whether an answer `{errors}` says what `expected` wants. */
export function agree(wanted, got) {
  if (!Array.isArray(got?.errors)) return false;
  if (wanted.thrown) return plain(got.errors).some((e) => JSON.stringify(e) === JSON.stringify(wanted.thrown));
  return JSON.stringify(wanted.errors) === JSON.stringify(plain(got.errors));
}
