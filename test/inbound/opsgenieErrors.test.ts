import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plusMinutes } from '../../src/domain/instant.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type Body, makeKey, OpsgenieClient } from './opsgenieClient.ts';

let serving: Serving;
let client: OpsgenieClient;

beforeAll(async () => {
  serving = await startServing();
  client = new OpsgenieClient(serving.url, await makeKey(serving.url, 'opsgenie'));
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

describe('what is not acceptable is answered in the words of Opsgenie', () => {
  let alertId: unknown;
  beforeEach(async () => {
    ({ alertId } = await client.accepted('POST', '', { message: 'Any', alias: 'any' }));
  });

  const table: [string, string, string, Body, Body][] = [
    ['no message', 'POST', '', {}, { message: 'Message can not be empty.' }],
    [
      'an odd priority',
      'POST',
      '',
      { message: 'x', priority: 'P9' },
      { priority: 'Priority should be one of [ P1, P2, P3, P4, P5 ]' },
    ],
    ['no note', 'POST', '/any/notes?identifierType=alias', {}, { note: 'Note can not be empty.' }],
    [
      'no owner',
      'POST',
      '/any/assign?identifierType=alias',
      { owner: {} },
      { owner: 'id or username should be provided' },
    ],
    [
      'no end',
      'POST',
      '/any/snooze?identifierType=alias',
      { endTime: 'soon' },
      { endTime: 'End time should be an ISO 8601 date, e.g. 2026-01-31T12:00:00Z' },
    ],
  ];
  it.each(table)('%s', async (_what, method, path, body, errors) => {
    const { status, answer } = await client.call(method, path, body);
    expect([status, answer.message]).toEqual([
      422,
      'Request body is not processable. Please check the errors.',
    ]);
    expect(answer.errors).toEqual(errors);
  });

  it('a body that is no JSON object', async () => {
    expect((await client.call('POST', '', '{')).status).toBe(400);
    expect((await client.call('POST', '', '[]')).status).toBe(400);
  });

  it('an unknown key, a key that may do more, and none', async () => {
    const stranger = new OpsgenieClient(serving.url, 'wrong');
    expect(await stranger.call('POST', '', { message: 'x' })).toMatchObject({
      status: 401,
      answer: { message: 'Could not authenticate' },
    });
    const administrator = new OpsgenieClient(serving.url, servingKey);
    expect((await administrator.call('POST', '', { message: 'x' })).status).toBe(403);
    const bare = await fetch(`${serving.url}/v2/alerts`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
  });

  it('an alert, a request and a part of the API that are not there', async () => {
    const status = async (method: string, path: string) => (await client.call(method, path)).status;
    expect(await status('GET', '/nothing')).toBe(404);
    expect(await status('GET', '/99?identifierType=tiny')).toBe(404);
    expect(await status('GET', '/requests/43a29c5c-3dbf-4fa4-9c26-f4f71023e120')).toBe(404);
    expect(await status('GET', '/requests/none')).toBe(404);
    expect(await status('GET', '')).toBe(404);
    expect(await status('POST', `/${alertId}/attachments`)).toBe(404);
    expect(await status('PATCH', `/${alertId}`)).toBe(404);
    expect(await client.accepted('POST', '/gone/acknowledge?identifierType=alias', {})).toMatchObject({
      success: false,
      action: 'Acknowledge',
      status: 'Alert does not exist',
    });
  });

  it('what its incident refuses, in its words', async () => {
    await client.accepted('POST', `/${alertId}/close`, {});
    const snoozed = await client.accepted('POST', `/${alertId}/snooze`, {
      endTime: plusMinutes(new Date().toISOString(), 5),
    });
    expect(snoozed).toMatchObject({ success: false, status: expect.stringContaining('RESOLVED') });
  });
});
