import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

/** An Accept header that only Yoga takes on, and reads as plain JSON. */
const throughYoga = { accept: 'application/json;q=1' };

async function send(body: string, headers: Record<string, string>) {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${servingKey}`,
      ...headers,
    },
    body,
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.json(),
  };
}

const operation = (query: string, rest: object = {}) => JSON.stringify({ query, ...rest });

const cases: Record<string, { body: string; headers?: Record<string, string> }> = {
  'a query': { body: operation('{ __typename viewer { role organization { slug } } }') },
  'one of several operations': {
    body: operation('query A { __typename } query B { policy { version } }', { operationName: 'B' }),
  },
  variables: {
    body: operation('query($id: ID!) { node(id: $id) { id } }', { variables: { id: 'nothing' } }),
  },
  'a typed refusal': {
    body: operation(
      'mutation { acknowledgeIncident(input: { incidentId: "nothing" }) { ... on UserError { code message } } }',
    ),
  },
  'a refused argument': { body: operation('{ nodes(ids: []) { id } incident { id } }') },
  'variables that do not fit': {
    body: operation('query($id: ID!) { node(id: $id) { id } }', { variables: { id: { a: 1 } } }),
  },
  'a missing variable': { body: operation('query($id: ID!) { node(id: $id) { id } }') },
  'no such operation': { body: operation('query A { __typename }', { operationName: 'B' }) },
  'several operations and no name': { body: operation('query A { __typename } query B { __typename }') },
  'no such field': { body: operation('{ nothing }') },
  'a syntax error': { body: operation('{ viewer') },
  'too deep': { body: operation(`{ ${'viewer { '.repeat(30)} role ${'}'.repeat(30)} }`) },
  'variables that nest a hundred thousand deep': {
    body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  },
  'a batch': { body: `[${operation('{ __typename }')}]` },
  'no query': { body: '{}' },
  'a query that is no text': { body: '{"query":1}' },
  'variables that are no object': { body: operation('{ __typename }', { variables: [] }) },
  'no JSON': { body: '{"query"' },
  'an empty body': { body: '' },
  'no credential': { body: operation('{ __typename }'), headers: { authorization: '' } },
  'a wrong credential': {
    body: operation('{ __typename }'),
    headers: { authorization: 'Bearer wr_wrong-wrong-wrong-wrong' },
  },
};

describe('a plain POST answers what Yoga answers', () => {
  for (const [name, { body, headers = {} }] of Object.entries(cases)) {
    test(name, async () => {
      const direct = await send(body, headers);
      const yoga = await send(body, { ...headers, ...throughYoga });
      expect(direct).toEqual(yoga);
      // The second time the document is remembered.
      expect(await send(body, headers)).toEqual(yoga);
    });
  }

  test('what nests a hundred thousand deep is refused, wherever it stands', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const document = 'mutation($d: JSON) { recordSloViolation(input: { details: $d }) { __typename } }';
    const bodies = [
      `{"query":"${document}","variables":{"d":${deep}}}`,
      `{"query":${deep}}`,
      operation(`{ node(id: ${'['.repeat(15_000)}`),
      deep,
    ];
    for (const body of bodies) {
      const { status, body: answer } = await send(body, {});
      expect(status).toBeLessThan(500);
      expect(JSON.stringify(answer)).not.toContain('INTERNAL');
      expect(answer.data ?? null).toBe(null);
    }
    expect((await send(bodies[0] ?? '', {})).status).toBe(400);
  });

  test('a refusal repeats nothing of what was sent', async () => {
    const answer = await send('{"query":"not to be repeated', {});
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toContain('repeated');
  });

  test('U+0000 in a filter is refused, wherever it goes', async () => {
    const nul = JSON.stringify(String.fromCharCode(0));
    for (const field of [
      `incidents(filter: { search: ${nul} }) { totalCount }`,
      `incidents(filter: { environment: [${nul}] }) { totalCount }`,
      `incidents(filter: { tags: [${nul}] }) { totalCount }`,
      `incidents(filter: { correlationKey: ${nul} }) { totalCount }`,
      `signals(filter: { traceId: ${nul} }) { edges { cursor } }`,
      `members(search: ${nul}) { edges { cursor } }`,
    ]) {
      const { body } = await send(operation(`{ ${field} }`), {});
      expect(
        body.errors?.map((error: { extensions: object }) => error.extensions),
        field,
      ).toEqual([{ code: 'BAD_USER_INPUT' }]);
    }
  });

  test('a body over the limit is refused with 413 and read no further', async () => {
    const response = await fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${servingKey}` },
      body: JSON.stringify({ query: '{ __typename }', variables: { padding: 'x'.repeat(1_100_000) } }),
    });
    expect(response.status).toBe(413);
    await response.body?.cancel();
  });

  test('a body in two halves of a character is still one text', async () => {
    const answer = await send(
      operation('query($id: ID!) { node(id: $id) { id } }', { variables: { id: '💥'.repeat(40_000) } }),
      {},
    );
    expect(JSON.stringify(answer.body)).toContain('💥'.repeat(50));
    expect(JSON.stringify(answer.body)).not.toContain('\ufffd');
  });
});
