/**
 * The errors that graphql-js reports for a document, and whether another program reports the same errors. graphql-js 16
 * implements the edition of October 2021 of the specification and parts of later editions. If the edition of September 2025 has
 * a different rule, this file implements that rule.
 */
import { GraphQLError, parse, SingleFieldSubscriptionsRule, specifiedRules, typeFromAST, validate } from 'graphql';

/** September 2025, 5.2.1.1: the schema must support the kind of an operation. graphql-js has checked this since version 17. */
const KnownOperationTypesRule = (context) => ({
  OperationDefinition(node) {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(new GraphQLError(`The ${node.operation} operation is not supported by the schema.`, { nodes: node }));
  },
});

/** Returns the first @skip or @include of each selection at the root of a subscription, also of the selections in fragments.
 *  September 2025, 5.2.4.1, forbids these directives there. */
function conditionsAtRoot(context, root, selectionSet, spread = new Set()) {
  const schema = context.getSchema();
  const applies = ({ typeCondition }) => {
    const type = typeCondition ? typeFromAST(schema, typeCondition) : root;
    return (
      type === root ||
      (type !== undefined && 'getTypes' in type ? type.getTypes().includes(root) : type && schema.isSubType?.(type, root))
    );
  };
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === 'FragmentSpread' && spread.has(selection.name.value)) return [];
    for (const name of ['skip', 'include']) {
      const condition = selection.directives?.find((each) => each.name.value === name);
      if (condition) return [condition];
    }
    if (selection.kind === 'Field') return [];
    if (selection.kind === 'FragmentSpread') spread.add(selection.name.value);
    const fragment = selection.kind === 'FragmentSpread' ? context.getFragment(selection.name.value) : selection;
    return fragment && applies(fragment) ? conditionsAtRoot(context, root, fragment.selectionSet, spread) : [];
  });
}

const SubscriptionsWithoutConditionsRule = (context) => {
  const { OperationDefinition: check } = SingleFieldSubscriptionsRule(context);
  return {
    OperationDefinition(node) {
      const root = node.operation === 'subscription' && context.getSchema().getSubscriptionType();
      const conditions = root ? conditionsAtRoot(context, root, node.selectionSet) : [];
      if (conditions.length === 0) return check(node);
      const subject = node.name ? `Subscription "${node.name.value}"` : 'Anonymous Subscription';
      const message = `${subject} must not use \`@skip\` or \`@include\` directives in the top level selection.`;
      context.reportError(new GraphQLError(message, { nodes: conditions }));
    },
  };
};

const rules = specifiedRules.map((rule) => (rule === SingleFieldSubscriptionsRule ? SubscriptionsWithoutConditionsRule : rule));
rules.splice(1, 0, KnownOperationTypesRule); // after ExecutableDefinitionsRule

/** Whether only an older edition of the specification requires this error. Since September 2025 (5.8.5), a nullable variable
 *  with a default other than null may be used in a field of a @oneOf input. */
const isOfOlderEdition = ({ message, nodes }) =>
  message.includes(' but must be non-nullable to be used for OneOf Input Object ') &&
  (nodes[0].defaultValue?.kind ?? 'NullValue') !== 'NullValue';

/** Returns what is compared of each error: its message and its locations. */
export const comparableErrors = (errors) =>
  errors.map((e) => ({ message: e.message, locations: (e.locations ?? []).map(({ line, column }) => ({ line, column })) }));

/** Returns the errors of graphql-js. If graphql-js throws an error during validation, the result is only this error, as
 *  `thrown`. */
export function validateWithGraphqlJs(schema, text) {
  let document;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: comparableErrors([error]) };
  }
  try {
    return { errors: comparableErrors(validate(schema, document, rules).filter((each) => !isOfOlderEdition(each))) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { thrown: comparableErrors([error])[0] };
  }
}

/** Whether the response `{errors}` of another program matches `expected`, the result of `validateWithGraphqlJs`. */
export function agree(expected, actual) {
  if (!Array.isArray(actual?.errors)) return false;
  const errors = comparableErrors(actual.errors);
  if (expected.thrown) return errors.some((e) => JSON.stringify(e) === JSON.stringify(expected.thrown));
  return JSON.stringify(expected.errors) === JSON.stringify(errors);
}
