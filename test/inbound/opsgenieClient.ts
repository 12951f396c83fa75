import { expect } from 'vitest';
import { mutate } from '../support/graphqlClient.ts';
import { servingKey } from '../support/serving.ts';

export type Body = Record<string, unknown>;

/** Makes an API key; answers its secret. */
export async function makeKey(url: string, name: string): Promise<string> {
  const input = { name, role: 'MEMBER', scopes: ['INGEST'] };
  const { secret } = await mutate<{ secret: string }>(url, servingKey, 'createApiKey', input, 'secret');
  return secret;
}

/** Opsgenie's Alert API as its clients call it. */
export class OpsgenieClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async call(method: string, path: string, body?: Body | string) {
    const response = await fetch(`${this.#url}/v2/alerts${path}`, {
      method,
      headers: { authorization: `GenieKey ${this.#key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Body & { data: Body; requestId: string };
    expect(answer).toMatchObject({ took: expect.any(Number), requestId: expect.any(String) });
    expect(response.headers.get('x-request-id')).toBe(answer.requestId);
    return { status: response.status, answer };
  }

  /** A request that is accepted, and its status. */
  async accepted(method: string, path: string, body?: Body): Promise<Body> {
    const { status, answer } = await this.call(method, path, body);
    expect([status, answer.result]).toEqual([202, 'Request will be processed']);
    const asked = await this.call('GET', `/requests/${answer.requestId}`);
    expect(asked.status).toBe(200);
    return asked.answer.data;
  }

  /** An alert that is there. */
  async shown(path: string): Promise<Body> {
    const { status, answer } = await this.call('GET', path);
    expect(status).toBe(200);
    return answer.data;
  }
}
