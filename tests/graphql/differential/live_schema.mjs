/** The schema of a running server, built by graphql-js from its introspection. */
import { buildClientSchema, getIntrospectionQuery, GraphQLError, valueFromASTUntyped } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';

/** Returns the schema of a server. `adjust` may change the result of the introspection before the schema is built. */
export async function liveSchema(server, adjust = (introspected) => introspected) {
  const query = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const { data } = await server.ask(query);
  const schema = buildClientSchema(adjust(data));
  // Introspection does not describe which values a scalar accepts.
  const dateTime = schema.getType('DateTime');
  dateTime.parseValue = (value, nodes) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return value;
    throw new GraphQLError(`DateTime cannot represent value: ${inspect(value)}`, { nodes });
  };
  dateTime.parseLiteral = (node, variables) => dateTime.parseValue(valueFromASTUntyped(node, variables), node);
  return schema;
}
