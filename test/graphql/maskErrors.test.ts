import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, test } from 'vitest';
import { OverloadedError, ServerOutdatedError } from '../../src/app/answer.ts';
import { CursorBeyondHeadError } from '../../src/feed/cursorBeyondHead.ts';
import { operationGuards } from '../../src/server/guards.ts';
import { jsonPostOnly } from '../../src/server/jsonPostOnly.ts';
import { maskErrors } from '../../src/server/maskErrors.ts';

const secret = 'password=hunter2 at /srv/app/db.ts';
const logged: { requestId?: string; err?: unknown }[] = [];

const fail: Record<string, () => never> = {
  unexpected() {
    throw new Error(secret);
  },
  text() {
    throw secret;
  },
  database() {
    throw Object.assign(new Error(secret), { code: '23505', detail: secret });
  },
  graphql() {
    throw new GraphQLError(secret);
  },
  foreignCode() {
    throw new GraphQLError(secret, { extensions: { code: 'ECONNREFUSED', detail: secret } });
  },
  overloaded() {
    throw new OverloadedError(2);
  },
  outdated() {
    throw new ServerOutdatedError();
  },
  badInput() {
    throw new GraphQLError('first must be at most 100.', { extensions: { code: 'BAD_USER_INPUT' } });
  },
};

const schema = createSchema({
  typeDefs: `
    enum Known { KNOWN }
    type Query {
      fine: String ${Object.keys(fail).join(': String ')}: String
      enumerated: Known nonNull: String! number(n: Int!): Int
    }
    type Mutation { fine: String }
    type Subscription { broken: Int later: Int beyond: Int }
  `,
  resolvers: {
    Query: { ...fail, fine: () => 'fine', enumerated: () => secret, nonNull: () => null },
    Subscription: {
      broken: { subscribe: fail.unexpected as never },
      later: {
        async *subscribe() {
          yield 1;
        },
        resolve: fail.unexpected as never,
      },
      beyond: {
        // biome-ignore lint/correctness/useYield: it fails before it yields, as a feed does.
        async *subscribe() {
          throw new CursorBeyondHeadError('INCIDENTS', 9, 3);
        },
      },
    },
  },
});

const yoga = createYoga({
  schema: schema as GraphQLSchema,
  batching: false,
  logging: false,
  maskedErrors: false,
  context: () => ({ requestId: 'request-1' }),
  plugins: [
    jsonPostOnly(),
    operationGuards(),
    maskErrors({
      log: { error: ((fields: object) => logged.push(fields)) as never },
      newRequestId: () => 'made',
    }),
  ],
});

interface Body {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown; extensions: { code: string; requestId?: string } }[];
}

async function send(body: unknown, headers: Record<string, string> = {}) {
  const response = await yoga.fetch('http://warroom/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  expect(text).not.toContain('hunter2');
  return { status: response.status, headers: response.headers, text };
}

async function ask(query: string, variables?: object) {
  const answer = await send({ query, variables });
  return { ...answer, body: JSON.parse(answer.text) as Body };
}

describe('what a client sees of an unexpected failure', () => {
  test.each(['unexpected', 'text', 'database', 'graphql', 'foreignCode', 'enumerated'])(
    '%s',
    async (field) => {
      logged.length = 0;
      const { body } = await ask(`{ fine ${field} }`);
      expect(body.data).toEqual({ fine: 'fine', [field]: null });
      expect(body.errors).toHaveLength(1);
      expect(body.errors?.[0]).toMatchObject({
        path: [field],
        extensions: { code: 'INTERNAL', requestId: 'request-1' },
      });
      expect(logged).toHaveLength(1);
      expect(logged[0]?.requestId).toBe('request-1');
      expect(String(logged[0]?.err)).toContain('hunter2');
    },
  );

  test('a null where none may be', async () => {
    const { body } = await ask('{ nonNull }');
    expect(body.data).toBeNull();
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL');
  });
});

describe('what is expected passes', () => {
  test('an overload that is the whole answer is 503 with Retry-After', async () => {
    const { status, headers, body } = await ask('{ overloaded }');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 2 });
  });

  test('beside another root field the overload is an error of its field only', async () => {
    const { status, headers, body } = await ask('{ fine ...F } fragment F on Query { overloaded }');
    expect(status).toBe(200);
    expect(headers.get('retry-after')).toBeNull();
    expect(body.data).toEqual({ fine: 'fine', overloaded: null });
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 2 });
  });

  test('outside HTTP an overload carries nothing of HTTP', async () => {
    const { execute } = yoga.getEnveloped({ requestId: 'r' } as never);
    const result = await execute({
      schema,
      document: parse('{ overloaded }'),
      contextValue: { requestId: 'r' },
    });
    expect(JSON.parse(JSON.stringify(result)).errors[0].extensions).toEqual({
      code: 'OVERLOADED',
      retryAfterSeconds: 2,
    });
  });

  test('a server too old, and bad input, keep code and message', async () => {
    const { body } = await ask('{ outdated badInput }');
    expect(body.errors?.map((error) => error.extensions.code)).toEqual(['SERVER_OUTDATED', 'BAD_USER_INPUT']);
    expect(body.errors?.[1]?.message).toBe('first must be at most 100.');
  });

  test('variables that do not fit are the client to correct', async () => {
    const { body } = await ask('query($n: Int!) { number(n: $n) }', { n: 'three' });
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toContain('$n');
  });
});

describe('before anything runs', () => {
  test.each([
    ['no JSON', '{"query":', 400],
    ['a batch', '[{"query":"{ fine }"}]', 400],
    ['no query', '{}', 200],
    ['several operations and no name', '{"query":"query A { fine } query B { fine }"}', 400],
    ['an unknown field', '{"query":"{ nope }"}', 200],
  ])('%s', async (_name, sent, status) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('a POST is JSON, and a GET changes nothing', async () => {
    expect(
      (await send('query=%7Bfine%7D', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415);
    expect((await send('{ fine }', { 'content-type': 'application/graphql' })).status).toBe(415);
    expect((await send('{"query":"{ fine }"}', { 'content-type': 'text/plain' })).status).toBe(415);
    const get = (query: string) => yoga.fetch(`http://warroom/graphql?query=${encodeURIComponent(query)}`);
    expect((await get('{ fine }')).status).toBe(200);
    expect((await get('mutation { fine }')).status).toBe(405);
  });
});

describe('subscriptions', () => {
  const stream = async (query: string) => (await send({ query }, { accept: 'text/event-stream' })).text;

  test('a source that cannot be had', async () => {
    expect(await stream('subscription { broken }')).toContain('"code":"INTERNAL"');
  });

  test('an event that fails', async () => {
    expect(await stream('subscription { later }')).toContain('"requestId":"request-1"');
  });

  test('a cursor beyond the head', async () => {
    expect(await stream('subscription { beyond }')).toContain('"code":"CURSOR_BEYOND_HEAD"');
  });
});
