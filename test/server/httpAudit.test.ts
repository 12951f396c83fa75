import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

describe('the GraphQL-over-HTTP audit', () => {
  const audits = serverAudits({
    url: () => `${serving.url}/graphql`,
    fetchFn: (url: string, options: RequestInit = {}) =>
      fetch(url, { ...options, headers: { ...options.headers, authorization: `Bearer ${servingKey}` } }),
  });
  test('has 61 parts', () => {
    expect(audits).toHaveLength(61);
  });
  for (const audit of audits) {
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
    });
  }
});
