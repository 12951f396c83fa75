import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDocuments } from '../../src/server/documents.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

describe('remembered documents', () => {
  test('are bounded by their tokens, however few they are', () => {
    const documents = createDocuments();
    for (let one = 0; one < 100; one += 1) {
      const text = `query Q${one} { ${'a '.repeat(1_900)}}`;
      documents.set(text, parse(text));
    }
    expect(documents.size).toBeLessThanOrEqual(31);
    expect(documents.size).toBeGreaterThan(20);
  });

  test('are many when they are small', () => {
    const documents = createDocuments();
    for (let one = 0; one < 1_000; one += 1) {
      const text = `query Q${one} { incident(id: "x") { id title status } }`;
      documents.set(text, parse(text));
    }
    expect(documents.size).toBe(1_000);
  });
});

describe('who sends no credential', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing();
  });
  afterAll(() => serving?.stop());

  const ask = async (query: string, authorization?: string) => {
    const response = await fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query }),
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, ...errors.map(({ extensions }) => extensions.code)];
  };

  test('is told only that, whatever the document would cost to parse and validate', async () => {
    for (const query of ['{ viewer', '{ nothing }', `{ viewer { ${'role '.repeat(1_900)}} }`]) {
      expect(await ask(query)).toEqual([401, 'UNAUTHENTICATED']);
      expect((await ask(query, `Bearer ${servingKey}`))[1]).not.toBe('UNAUTHENTICATED');
    }
  });
});
