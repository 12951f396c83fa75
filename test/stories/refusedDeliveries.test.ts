import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

// Whatever its format, what is refused of a valid key leaves a letter, and what has no valid key leaves none.

let serving: Serving;
let key = '';
beforeAll(async () => {
  serving = await startServing();
  const input = { name: 'sender', role: 'MEMBER', scopes: ['INGEST'] };
  key = (await mutate<{ secret: string }>(serving.url, servingKey, 'createApiKey', input, 'secret')).secret;
});
afterAll(() => serving?.stop());
beforeEach(async () => {
  for (const { id } of await letters()) {
    await mutate(serving.url, servingKey, 'discardDeadLetter', { id }, 'id');
  }
});

interface Letter {
  readonly id: string;
  readonly format: string;
  readonly reason: string;
  readonly body: string;
  readonly bytes: number;
  readonly declaredBytes: number | null;
  readonly notReplayable: string | null;
}

async function letters(): Promise<readonly Letter[]> {
  const query = `{ deadLetters(first: 50) { nodes {
    id format reason problems { path } body bytes declaredBytes notReplayable } } }`;
  const { data, errors } = await post<{ deadLetters: { nodes: Letter[] } }>(serving.url, servingKey, query);
  expect(errors).toEqual([]);
  return data?.deadLetters.nodes ?? [];
}

/** What replaying a letter came to. */
async function replay({ id }: Letter): Promise<string> {
  const input = { id };
  const done = await mutate<{ outcome: string }>(
    serving.url,
    servingKey,
    'replayDeadLetter',
    input,
    'outcome',
  );
  return done.outcome;
}

async function send(path: string, body: BodyInit, headers: Record<string, string> = {}) {
  const options = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  const response = await fetch(serving.url + path, options);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const large = JSON.stringify({ version: '4', filling: 'x'.repeat(1_200_000) });

test('a body that is too large leaves its beginning and its length, and is not replayed', async () => {
  expect((await send(`/inbound/datadog/${key}`, large)).status).toBe(413);
  const kept = await letters();
  expect(kept).toMatchObject([
    {
      format: 'datadog',
      reason: 'The body is too large: at most 1048576 bytes are accepted.',
      bytes: 65_536,
      declaredBytes: large.length,
      notReplayable: 'TOO_LARGE',
    },
  ]);
  expect(kept[0]?.body).toBe(large.slice(0, 65_536));
  expect(await replay(kept[0] as Letter)).toBe('NOT_REPLAYABLE');
  expect(await letters()).toEqual(kept);
});

test('one whose length was not declared says so', async () => {
  const stream = new Blob([large]).stream();
  expect((await send(`/inbound/errors/${key}`, stream)).status).toBe(413);
  expect(await letters()).toMatchObject([{ format: 'errors', declaredBytes: null, bytes: 65_536 }]);
});

test.each([
  ['an event as it should not be', { payload: { summary: 's', source: 'x', severity: 'fatal' } }, 400, null],
  ['one that is too large', { filling: 'x'.repeat(1_200_000) }, 413, 'TOO_LARGE'],
])('PagerDuty: %s is answered as ever, and kept without its key', async (_what, rest, status, why) => {
  const event = JSON.stringify({ routing_key: key, event_action: 'trigger', ...rest });
  const answer = await send('/v2/enqueue', event);
  expect(answer).toMatchObject({ status, body: { status: 'invalid event' } });
  const [letter, ...more] = await letters();
  expect(more).toEqual([]);
  expect(letter).toMatchObject({ format: 'pagerduty', notReplayable: why });
  expect(letter?.body).toContain('"routing_key":"[routing key]"');
  expect(JSON.stringify(letter)).not.toContain(key);
  expect(await replay(letter as Letter)).toBe(why === null ? 'REFUSED' : 'NOT_REPLAYABLE');
});

test('PagerDuty: what is no JSON is kept where its key can be found, and a change too', async () => {
  expect((await send('/v2/enqueue', `{"routing_key": "${key}", `)).status).toBe(400);
  expect((await send('/v2/change/enqueue', JSON.stringify({ routing_key: key }))).status).toBe(400);
  // In a header, it can always be found.
  expect((await send('/v2/enqueue', '{"event_action":', { 'X-Routing-Key': key })).status).toBe(400);
  expect(await letters()).toMatchObject([
    { format: 'pagerduty', body: '{"event_action":', reason: 'This is not JSON.' },
    { format: 'pagerduty-change', body: '{"routing_key":"[routing key]"}' },
    { format: 'pagerduty', body: '{"routing_key": "[routing key]", ', reason: 'This is not JSON.' },
  ]);
});

test('Opsgenie: an alert, and what an address asks for, are kept with what is wrong', async () => {
  const headers = { authorization: `GenieKey ${key}` };
  expect((await send('/v2/alerts', '{"alias":"a"}', headers)).status).toBe(422);
  expect((await send('/v2/alerts/a/close?identifierType=alias', '{', headers)).status).toBe(400);
  const [action, alert] = await letters();
  expect(action).toMatchObject({
    format: 'opsgenie',
    reason: 'POST /v2/alerts/a/close: This is not JSON.',
    notReplayable: 'ADDRESS_NEEDED',
  });
  expect(alert).toMatchObject({
    format: 'opsgenie',
    body: '{"alias":"a"}',
    reason: 'message: Message can not be empty.',
    notReplayable: null,
  });
  expect(await replay(alert as Letter)).toBe('REFUSED');
  expect(await replay(action as Letter)).toBe('NOT_REPLAYABLE');
});

test('without a valid key nothing is kept', async () => {
  const trigger = { event_action: 'trigger' };
  expect((await send('/inbound/alertmanager/nobody', large)).status).toBe(401);
  expect((await send('/v2/enqueue', JSON.stringify({ routing_key: 'nobody', ...trigger }))).status).toBe(400);
  expect((await send('/v2/enqueue', JSON.stringify(trigger))).status).toBe(400);
  expect((await send('/v2/enqueue', JSON.stringify({ routing_key: servingKey, ...trigger }))).status).toBe(
    400,
  );
  expect((await send('/v2/alerts', '{', { authorization: 'GenieKey nobody' })).status).toBe(401);
  expect(await letters()).toEqual([]);
});
