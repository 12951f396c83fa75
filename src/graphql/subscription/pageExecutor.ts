import {
  type DefinitionNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';

/** The one field of a page's query. */
const field = 'results';

/** Executes a subscription's selection for many events; the results are in order. */
export type ExecutePage = (
  values: readonly unknown[],
  contextValue: unknown,
) => Promise<readonly ExecutionResult[]>;

/** What is executed for every event. */
export interface PageOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: ExecutionArgs['variableValues'];
}

/**
 * Executes the selection of a subscription for a page of events as one operation: a query for a list of subscription
 * roots, whose values are the events. graphql-js prepares an operation and collects its fields once instead of once an
 * event; each item is then taken apart as the result that executing its event alone gives.
 */
export function pageExecutor({ schema, document, operation, variableValues }: PageOperation): ExecutePage {
  const alone = { schema, document, operationName: operation.name?.value ?? null, variableValues };
  const page = {
    schema: pageSchema(schema),
    document: pageDocument(document, operation),
    variableValues,
  };
  return async (values, contextValue) => {
    const whole = await execute({ ...page, rootValue: { [field]: values }, contextValue });
    const results = apart(whole, values.length);
    return results ?? Promise.all(values.map((rootValue) => execute({ ...alone, rootValue, contextValue })));
  };
}

const pageSchemas = new WeakMap<GraphQLSchema, GraphQLSchema>();

/** The schema with another query type: a list of its subscription roots, each nullable as a root is. */
function pageSchema(schema: GraphQLSchema): GraphQLSchema {
  const known = pageSchemas.get(schema);
  if (known !== undefined) return known;
  const root = schema.getSubscriptionType();
  if (!root) throw new Error('The schema has no subscriptions.');
  const query = new GraphQLObjectType({
    name: 'SubscriptionPage',
    fields: { [field]: { type: new GraphQLList(root) } },
  });
  const made = new GraphQLSchema({
    query,
    types: Object.values(schema.getTypeMap()),
    directives: schema.getDirectives(),
    assumeValid: true,
  });
  pageSchemas.set(schema, made);
  return made;
}

/** The operation's own nodes inside a query, so that errors name the same places. */
function pageDocument(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const { selectionSet } = operation;
  const results = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: field }, selectionSet } as const;
  const query: OperationDefinitionNode = {
    ...operation,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [results] },
  };
  const fragments = document.definitions.filter(
    (definition: DefinitionNode) => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return { kind: Kind.DOCUMENT, definitions: [query, ...fragments] };
}

/** The result of each item; null when it cannot be told whose an error is. */
function apart({ data, errors = [] }: ExecutionResult, count: number): readonly ExecutionResult[] | null {
  const items = data?.[field] as readonly (Record<string, unknown> | null)[] | null | undefined;
  if (items?.length !== count) return null;
  const own: GraphQLError[][] = [];
  for (const error of errors) {
    const [root, index, ...path] = error.path ?? [];
    if (root !== field || typeof index !== 'number') return null;
    own[index] ??= [];
    own[index].push(at(path, error));
  }
  return items.map((item, index) => {
    const errorsOfItem = own[index];
    return errorsOfItem === undefined ? { data: item } : { errors: errorsOfItem, data: item };
  });
}

/** The error as one at `path`. */
function at(path: readonly (string | number)[], error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path,
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });
}
