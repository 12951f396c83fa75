import { buildSchema, type GraphQLSchema, getIntrospectionQuery, parse } from 'graphql';
import { serverAudits } from 'graphql-http';
import { createYoga } from 'graphql-yoga';
import { describe, expect, test } from 'vitest';
import { admitOperation, type Envelope } from '../../src/server/admitOperation.ts';
import { guardLimits } from '../../src/server/guardLimits.ts';
import { operationGuards } from '../../src/server/guards.ts';
import { jsonPostOnly } from '../../src/server/jsonPostOnly.ts';
import { maskErrors } from '../../src/server/maskErrors.ts';
import { operationCost } from '../../src/server/operationCost.ts';
import { hostileOperations } from '../support/hostileOperations.ts';

/** The fields the hostile operations name, without anything behind them. */
const schema: GraphQLSchema = buildSchema(`
  interface Node { id: ID! }
  type Viewer { role: String }
  type Event { id: ID! at: String message: String sequence: Int }
  type EventEdge { cursor: String node: Event }
  type EventConnection { edges: [EventEdge] nodes: [Event] }
  type IncidentEdge { cursor: String node: Incident }
  type IncidentConnection { edges: [IncidentEdge] nodes: [Incident] totalCount: Int }
  type User { id: ID! name: String }
  type PendingAction { kind: String dueAt: String }
  type Incident implements Node {
    id: ID! title: String reference: String status: String severity: String number: Int
    commander: User techLead: User commsLead: User assignee: User pendingActions: [PendingAction!]!
    related(first: Int, after: String, last: Int): IncidentConnection
    timeline(first: Int, last: Int): EventConnection
  }
  type Query {
    viewer: Viewer node(id: ID!): Node nodes(ids: [ID!]!): [Node]!
    incident(id: ID, reference: String): Incident
    incidents(first: Int, last: Int): IncidentConnection
  }
  type Mutation { declareIncident: String }
  type Subscription { incidentChanged(id: ID!): Incident }
`);

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
  const page = `{ incidents(first: 100) { totalCount edges { cursor node {
    id title reference status severity number
    commander { id name } techLead { id name } commsLead { id name } assignee { id name }
    pendingActions { kind dueAt }
    timeline(last: 3) { edges { node { id at message sequence } } }
  } } } }`;

  test('the widest list passes', async () => {
    expect((await overHttp(page)).errors).toBeUndefined();
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
    return operationCost(schema, operation, (name) => {
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
    ['{ ...F } fragment F on Query { incidents(first: 10) { totalCount } }', 11],
  ])('%s', (query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('a page twice as large costs twice as much', () => {
    expect(guardLimits.cost).toBeGreaterThan(costOf('{ incidents(first: 100) { edges { node { id } } } }'));
  });
});

test('the GraphQL-over-HTTP audit finds nothing wrong', async () => {
  const audits = serverAudits({ url: 'http://warroom/graphql', fetchFn: yoga.fetch });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const wrong = results.filter((result) => result.status !== 'ok').map((result) => result.name);
  expect(wrong).toEqual([]);
});
