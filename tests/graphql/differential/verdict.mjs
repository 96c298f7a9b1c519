/**
 * What graphql-js reports for a document, and whether another program reports the same. graphql-js 16 follows the edition of October 2021 with
 * parts of later ones; where the edition of September 2025 demands something else, its rule stands here.
 */
import { GraphQLError, parse, SingleFieldSubscriptionsRule, specifiedRules, typeFromAST, validate } from 'graphql';

/** September 2025, 5.2.1.1: an operation is of a kind that the schema has. In graphql-js since 17. */
const KnownOperationTypesRule = (context) => ({
  OperationDefinition(node) {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(new GraphQLError(`The ${node.operation} operation is not supported by the schema.`, { nodes: node }));
  },
});

/** September 2025, 5.2.4.1: the first @skip or @include of each selection at the root of a subscription, fragments spread out. */
function conditionsAtRoot(context, root, selectionSet, spread = new Set()) {
  const schema = context.getSchema();
  const applies = ({ typeCondition }) => {
    const type = typeCondition ? typeFromAST(schema, typeCondition) : root;
    return type === root || (type !== undefined && 'getTypes' in type ? type.getTypes().includes(root) : type && schema.isSubType?.(type, root));
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
rules.splice(1, 0, KnownOperationTypesRule); // behind ExecutableDefinitionsRule

/** September 2025, 5.8.5: a nullable variable with a default other than null may stand in a field of a @oneOf input. */
const isOfOlderEdition = ({ message, nodes }) =>
  message.includes(' but must be non-nullable to be used for OneOf Input Object ') && (nodes[0].defaultValue?.kind ?? 'NullValue') !== 'NullValue';

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
    return { errors: plain(validate(schema, document, rules).filter((each) => !isOfOlderEdition(each))) };
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
