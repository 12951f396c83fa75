import { beforeEach, describe, expect, it } from 'vitest';
import { OverloadedError, ServerOutdatedError } from '../../src/app/answer.ts';
import { TooManyGuessesError } from '../../src/app/tooManyGuesses.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { once, quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

// What a client of PagerDuty's Events API v2 reads: status and body, to the letter, of both addresses.
// Source: https://developer.pagerduty.com/docs/events-api-v2-overview (202, 400, 429 and 5XX; events of up to 512 KB)

const keys: Readonly<Record<string, Principal>> = {
  good: ingest,
  reader: { ...ingest, scopes: ['READ'] },
  both: { ...ingest, scopes: ['INGEST', 'READ'] },
  slow: { ...ingest, credentialId: 'slow' },
};

let switchboard = new Switchboard();
let failure: Error | null = null;

beforeEach(() => {
  switchboard = new Switchboard();
  failure = null;
});

const inbound = createInbound({
  ...quiet,
  handle: (request) => {
    switchboard.failure = failure;
    return switchboard.handle(request);
  },
  changes: {
    note: async () => {
      if (failure !== null) throw failure;
      return undefined;
    },
  },
  authenticateKey: async (secret) => {
    if (secret === 'guessed') throw new TooManyGuessesError(7);
    return keys[secret] ?? null;
  },
  limits: { throttle: (principal) => (principal.credentialId === 'slow' ? 1.5 : null) },
  newDedupKey: () => 'made up',
});

async function send(path: string, body: object | string, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const request = { method: 'POST', path, headers, remoteAddress: null };
  const reply = await inbound({ ...request, body: once(text as string | Uint8Array) });
  const { 'retry-after': retryAfter, 'content-type': type } = reply?.headers ?? {};
  expect(type).toBe('application/json; charset=utf-8');
  return { status: reply?.status, retryAfter, body: JSON.parse(reply?.body ?? 'null') };
}

const payload = { summary: 'Disk full', source: 'db-1', severity: 'critical' };
const trigger = { routing_key: 'good', event_action: 'trigger', dedup_key: 'disk', payload };
const change = { routing_key: 'good', payload: { summary: 'Deployed' } };

const invalid = (...errors: string[]) => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});
const throttled = {
  status: 429,
  body: {
    status: 'throttle exceeded',
    message: 'Requests for this service are arriving too quickly. Please retry later.',
  },
};
const unreadable = {
  status: 400,
  body: {
    status: 'Unrecognized object',
    message: 'Event object format is unrecognized',
    errors: ['JSON parse error'],
  },
};
const processed = (dedup_key: string) => ({
  status: 202,
  body: { status: 'success', message: 'Event processed', dedup_key },
});

/** An event of about so many kilobytes. */
const ofSize = (event: { readonly payload: object }, kilobytes: number) => ({
  ...event,
  payload: { ...event.payload, custom_details: { log: 'x'.repeat(kilobytes * 1_024) } },
});

describe('an event is answered', () => {
  const follow = (event_action: string) => ({ routing_key: 'good', event_action, dedup_key: 'disk' });
  it.each<[string, object, object]>([
    ['a trigger', trigger, processed('disk')],
    ['a trigger without a dedup key', { ...trigger, dedup_key: undefined }, processed('made up')],
    ['a trigger with an empty one', { ...trigger, dedup_key: '' }, processed('made up')],
    ['a trigger with a number', { ...trigger, dedup_key: 7 }, processed('7')],
    ['an acknowledgement of what is not there', follow('acknowledge'), processed('disk')],
    ['a resolve of what is not there', follow('resolve'), processed('disk')],
    ['as large as PagerDuty takes', ofSize(trigger, 511), processed('disk')],
    [
      'with a summary longer than PagerDuty takes',
      { ...trigger, payload: { ...payload, summary: 'x'.repeat(2_000) } },
      processed('disk'),
    ],
    ['no action', { ...trigger, event_action: '' }, invalid("'event_action' is missing or blank")],
    [
      'an odd action',
      { ...trigger, event_action: 'page' },
      invalid(
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
      ),
    ],
    [
      'an odd severity',
      { ...trigger, payload: { ...payload, severity: 'page' } },
      invalid(
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      ),
    ],
    [
      'a trigger of nothing',
      { ...trigger, payload: {} },
      invalid(
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is missing or blank",
      ),
    ],
    [
      'a dedup key that is too long',
      { ...trigger, dedup_key: 'x'.repeat(256) },
      invalid("'dedup_key' is too long (maximum is 255 characters)"),
    ],
    [
      'a resolve of nothing',
      { ...follow('resolve'), dedup_key: undefined },
      invalid("'dedup_key' is missing or blank"),
    ],
  ])('%s', async (_what, body, expected) => {
    expect(await send('/v2/enqueue', body)).toEqual(expected);
  });

  it('503 while it can do nothing, and nothing is done', async () => {
    const message = 'Warroom is busy; nothing was done. Try again.';
    for (const [trouble, retryAfter] of [
      [new OverloadedError(2.2), '3'],
      [new ServerOutdatedError(), expect.any(String)],
    ] as const) {
      failure = trouble;
      const expected = { status: 503, retryAfter, body: { status: 'error', message } };
      expect(await send('/v2/enqueue', trigger)).toEqual(expected);
    }
    expect(switchboard.stories).toEqual([]);
  });
});

it('a key may come in a header, and one in the body comes first', async () => {
  const header = (key: string) => ({ 'x-routing-key': key });
  const { routing_key: _event, ...event } = trigger;
  const { routing_key: _change, ...told } = change;
  expect(await send('/v2/enqueue', event, header('good'))).toEqual(processed('disk'));
  expect(await send('/v2/change/enqueue', told, header('good'))).toMatchObject({ status: 202 });
  expect(await send('/v2/enqueue', event, header('bad'))).toEqual(invalid('Invalid routing key'));
  expect(await send('/v2/enqueue', trigger, header('bad'))).toEqual(processed('disk'));
});

it('a change is answered without a dedup key', async () => {
  const body = { status: 'success', message: 'Change event processed' };
  expect(await send('/v2/change/enqueue', change)).toEqual({ status: 202, body });
  expect(await send('/v2/change/enqueue', ofSize(change, 511))).toEqual({ status: 202, body });
});

describe.each([
  ['/v2/enqueue', trigger],
  ['/v2/change/enqueue', change],
])('whatever is sent to %s', (path, event) => {
  it.each<[string, object | string, object]>([
    ['an unknown key', { ...event, routing_key: 'bad' }, invalid('Invalid routing key')],
    ['no key', { ...event, routing_key: undefined }, invalid("'routing_key' is missing or blank")],
    [
      'a key that may do something else',
      { ...event, routing_key: 'reader' },
      invalid('Invalid routing key: an API key with scope INGEST alone is needed'),
    ],
    [
      'a key that may do something else, too',
      { ...event, routing_key: 'both' },
      invalid('Invalid routing key: an API key with scope INGEST alone is needed'),
    ],
    ['a key that is too fast', { ...event, routing_key: 'slow' }, { ...throttled, retryAfter: '2' }],
    ['too many wrong keys', { ...event, routing_key: 'guessed' }, { ...throttled, retryAfter: '7' }],
    ['no JSON', '{', unreadable],
    ['nothing', '', unreadable],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), unreadable],
    ['a list', [event], invalid('The body is not a JSON object')],
    ['no payload', { ...event, payload: undefined }, invalid("'payload' is missing or blank")],
    ['an odd payload', { ...event, payload: 'x' }, invalid("'payload' is not an object")],
    [
      'an odd timestamp',
      { ...event, payload: { ...event.payload, timestamp: 'now' } },
      invalid("'payload.timestamp' is invalid (must be ISO 8601)"),
    ],
    [
      'more than we take',
      ofSize(event, 1_025),
      { ...invalid('The body is too large (maximum is 1048576 bytes)'), status: 413 },
    ],
  ])('%s', async (_what, body, expected) => {
    expect(await send(path, body)).toEqual(expected);
    expect(switchboard.requests).toEqual([]);
  });

  it('500 where something unexpected went wrong, without a word of it', async () => {
    failure = new Error('relation "secret" does not exist');
    const body = { status: 'error', message: 'Something unexpected went wrong. Try again.' };
    expect(await send(path, event)).toEqual({ status: 500, body });
  });
});
