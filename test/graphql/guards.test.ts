import { buildASTSchema, type GraphQLSchema, getIntrospectionQuery, parse } from 'graphql';
import { serverAudits } from 'graphql-http';
import { createYoga } from 'graphql-yoga';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { admitOperation, type Envelope } from '../../src/server/admitOperation.ts';
import { guardLimits } from '../../src/server/guardLimits.ts';
import { operationGuards } from '../../src/server/guards.ts';
import { jsonPostOnly } from '../../src/server/jsonPostOnly.ts';
import { maskErrors } from '../../src/server/maskErrors.ts';
import { operationCost } from '../../src/server/operationCost.ts';
import { hostileOperations } from '../support/hostileOperations.ts';

/** Enough of a schema to count by hand. */
const small: GraphQLSchema = buildASTSchema(
  parse(`
    type Viewer { role: String }
    type IncidentEdge { node: Incident }
    type IncidentConnection { edges: [IncidentEdge] nodes: [Incident] totalCount: Int }
    type Ticket { id: ID! }
    type Incident { id: ID! title: String tags: [String!]! tickets: [Ticket!]! parts: [Incident!]! related(first: Int): IncidentConnection }
    type Query {
      viewer: Viewer
      nodes(ids: [ID!]!): [Incident]!
      byKeys(keys: [String!]!): [Incident]!
      incidents(first: Int, last: Int): IncidentConnection
    }
  `),
);

const schema = buildSchema();

const yoga = createYoga({
  schema,
  batching: false,
  logging: false,
  maskedErrors: false,
  plugins: [
    jsonPostOnly(),
    operationGuards(),
    maskErrors({ log: { error: () => undefined }, newRequestId: () => 'id' }),
  ],
});

interface Body {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

async function overHttp(query: string, operationName?: string): Promise<Body> {
  const response = await yoga.fetch('http://warroom/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, operationName }),
  });
  return (await response.json()) as Body;
}

function overSocket(query: string): Body {
  const admission = admitOperation(yoga.getEnveloped({}) as unknown as Envelope, query);
  if (!('errors' in admission)) return { data: {} };
  return JSON.parse(JSON.stringify({ errors: admission.errors })) as Body;
}

const shortened = (body: Body) =>
  body.errors?.map(({ message, extensions }) => ({ message, code: extensions?.code }));

describe('forty hostile operations', () => {
  test('are forty', () => {
    expect(hostileOperations).toHaveLength(40);
  });

  test.each(hostileOperations)('$name', async ({ query, code, name, operationName }) => {
    const socket = overSocket(query);
    const codes = new Set(socket.errors?.map((error) => error.extensions?.code));
    expect(codes).toContain(code);
    // What a tool calls "field suggestions" tells the schema to whoever guesses.
    expect(JSON.stringify(socket)).not.toContain('Did you mean');
    // An empty query is refused by GraphQL over HTTP before it is parsed; WebSocket has no such step.
    if (name === 'an empty document') return;
    const http = await overHttp(query, operationName);
    expect(http.data).toBeUndefined();
    expect(shortened(http)).toEqual(shortened(socket));
  });

  test('refused again from the cache the same', async () => {
    const { query } = hostileOperations[0] as { query: string };
    expect(shortened(await overHttp(query))).toEqual(shortened(await overHttp(query)));
  });

  test('a batch is refused whole', async () => {
    const response = await yoga.fetch('http://warroom/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
    });
    const body = (await response.json()) as Body;
    expect(response.status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(/batch/i);
  });
});

describe('what people send', () => {
  const person = '{ id name }';
  const page = `{ incidents(first: 100) { totalCount edges { cursor node {
    id title reference status severity number version
    commander ${person} techLead ${person} commsLead ${person} assignee ${person}
    pendingActions { kind dueAt description }
    timeline(last: 3) { edges { node { id at message sequence type } } }
  } } } }`;

  test('the widest list passes', async () => {
    expect(overSocket(page).errors).toBeUndefined();
  });

  test('introspection as GraphiQL asks it passes', async () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
    });
    expect((await overHttp(query)).errors).toBeUndefined();
  });

  test('ten operations of which one runs pass', async () => {
    const query = Array.from({ length: 10 }, (_, i) => `query Q${i} { viewer { role } }`).join(' ');
    expect(overSocket(query).errors).toBeUndefined();
  });
});

describe('the cost of an operation', () => {
  const costOf = (query: string): number => {
    const document = parse(query);
    const operation = document.definitions.find((d) => d.kind === 'OperationDefinition');
    if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
    return operationCost(small, operation, (name) => {
      const found = document.definitions.find(
        (d) => d.kind === 'FragmentDefinition' && d.name.value === name,
      );
      return found?.kind === 'FragmentDefinition' ? found : null;
    });
  };

  test.each([
    ['{ viewer { role } }', 2],
    ['{ incidents(first: 10) { totalCount } }', 11],
    ['{ incidents { totalCount } }', 26],
    ['{ incidents(first: 10) { edges { node { id title } } } }', 1 + 10 * 4],
    ['{ incidents(first: 10) { nodes { id title } } }', 1 + 10 * 3],
    ['query($n: Int) { incidents(first: $n) { nodes { id } } }', 1 + 100 * 2],
    ['{ incidents(first: 1000000) { nodes { id } } }', 1 + 100 * 2],
    ['{ incidents(first: -5) { nodes { id } } }', 1 + 1 * 2],
    ['{ incidents(first: null) { nodes { id } } }', 1 + 25 * 2],
    ['{ nodes(ids: ["a", "b"]) { id } }', 1 + 2 * 1],
    ['query($ids: [ID!]!) { nodes(ids: $ids) { tags tickets { id } } }', 1 + 100 * (1 + 1 + 4 * 1)],
    // What is part of what is part of it: each may be of 50 others.
    ['{ nodes(ids: ["a"]) { parts { parts { id } } } }', 1 + (1 + 50 * (1 + 50))],
    ['{ byKeys(keys: ["a", "b"]) { id } }', 1 + 2 * 1],
    ['query($keys: [String!]!) { byKeys(keys: $keys) { id title } }', 1 + 500 * 2],
    ['{ ...F } fragment F on Query { incidents(first: 10) { totalCount } }', 11],
  ])('%s', (query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('a full page of a few fields is far below the limit', () => {
    expect(guardLimits.cost / 100).toBeGreaterThan(
      costOf('{ incidents(first: 100) { edges { node { id } } } }'),
    );
  });
});

test('the GraphQL-over-HTTP audit finds nothing wrong', async () => {
  const audits = serverAudits({ url: 'http://warroom/graphql', fetchFn: yoga.fetch });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const wrong = results.filter((result) => result.status !== 'ok').map((result) => result.name);
  expect(wrong).toEqual([]);
});
