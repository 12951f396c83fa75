import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { sentry } from '../../src/inbound/sentry.ts';
import type { SignalDelivery } from '../../src/inbound/translation.ts';
import { fixture } from './fixture.ts';
import { once, quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };
const created = fixture('sentry-issue-created');
const resolved = fixture('sentry-issue-resolved');
const alerted = fixture('sentry-event-alert');
const metric = fixture('sentry-metric-alert');

function commands(body: unknown): readonly SignalDelivery[] {
  const translation = sentry(body, context);
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  return translation.commands;
}

async function delivered(...bodies: readonly unknown[]): Promise<Switchboard> {
  const switchboard = new Switchboard();
  for (const input of bodies.flatMap(commands)) {
    await switchboard.handle({
      organizationId: ingest.organizationId,
      actor: ingest.actor,
      target: { by: 'dedupKey', key: input.dedupKey },
      command: { name: 'receiveSignals', input },
    });
  }
  return switchboard;
}

function changed(body: Record<string, unknown>, what: 'issue' | 'event' | 'metric_alert', values: object) {
  const data = body.data as Record<string, object>;
  return { ...body, data: { ...data, [what]: { ...data[what], ...values } } };
}

describe('an issue', () => {
  it('that is new', () => {
    expect(commands(created)).toMatchObject([
      {
        dedupKey: `sentry:${ingest.credentialId}:issue:1170820242`,
        resolve: false,
        declare: {
          title: 'ReferenceError: blooopy is not defined',
          description: '?(runner)\nFRONT-END-9',
          severity: 'SEV2',
          source: 'sentry',
          project: 'front-end',
          detectedAt: '2026-11-20T20:58:37.391Z',
          externalRefs: [
            { system: 'sentry', id: 'FRONT-END-9', url: 'https://example.sentry.io/issues/1170820242/' },
          ],
        },
        firing: [{ type: 'ERROR', severity: 'error', raisesTo: 'SEV2', at: '2026-11-20T20:58:37.391Z' }],
      },
    ]);
  });

  it.each(['resolved', 'archived', 'ignored'])('%s is over', async (action) => {
    const low = changed(created, 'issue', { level: 'warning' });
    const { last } = await delivered(low, { ...resolved, action });
    expect(last.incident).toMatchObject({ status: 'RESOLVED', openSignalCount: 0 });
  });

  it('that comes back is a new incident, now', async () => {
    const low = changed(created, 'issue', { level: 'warning' });
    const { stories } = await delivered(low, resolved, { ...low, action: 'unresolved' });
    expect(stories.map((story) => story.incident.status)).toEqual(['RESOLVED', 'REPORTED']);
    expect(commands({ ...low, action: 'unresolved' })[0]?.declare.detectedAt).toBeNull();
  });

  it.each(['assigned', 'constructor', 'whatever comes next'])('%s is nothing', (action) => {
    expect(commands({ ...created, action })).toEqual([]);
  });

  it('and its alerts are one incident; resolving it is the end of all of them', async () => {
    const { stories, last } = await delivered(created, alerted, alerted, resolved);
    expect(stories).toHaveLength(1);
    expect(last.incident).toMatchObject({ signalCount: 2, openSignalCount: 0 });
  });
});

it('an issue alert', () => {
  expect(commands(alerted)).toMatchObject([
    {
      dedupKey: `sentry:${ingest.credentialId}:issue:1170820242`,
      declare: {
        title: 'ReferenceError: heck is not defined',
        description: 'Alert rule: Very Important Alert Rule!\n?(<anonymous>)',
        service: 'checkout',
        environment: 'production',
        detectedAt: '2026-11-20T21:06:17.677Z',
      },
      firing: [{ traceId: '0c2ef0b8a2f94d1f8f8cf6a2a4f0d3b1', severity: 'error' }],
    },
  ]);
});

describe('a metric alert', () => {
  it('that is critical', () => {
    expect(commands(metric)).toMatchObject([
      {
        dedupKey: `sentry:${ingest.credentialId}:metric:1523`,
        declare: {
          title: 'Too many errors',
          severity: 'SEV1',
          environment: 'production',
          project: 'front-end',
        },
        firing: [{ type: 'METRIC', severity: 'critical' }],
      },
    ]);
  });

  it('warns, gets worse, and is resolved', async () => {
    const { last, stories } = await delivered({ ...metric, action: 'warning' }, metric, {
      ...metric,
      action: 'resolved',
    });
    expect(stories).toHaveLength(1);
    expect(last.incident).toMatchObject({ severity: 'SEV1', signalCount: 2, openSignalCount: 0 });
  });
});

it.each([
  ['fatal', 'SEV1'],
  ['error', 'SEV2'],
  ['warning', 'SEV3'],
  ['info', 'SEV4'],
  ['debug', 'SEV4'],
  ['sample', 'SEV3'],
])('level %s is %s', (level, severity) => {
  expect(commands(changed(created, 'issue', { level }))[0]?.severity).toBe(severity);
});

it.each([
  ['an installation', { action: 'created', data: { installation: { status: 'installed' } } }],
  ['a comment', { action: 'created', data: { comment: 'Hm', issue_id: 1 } }],
  ['an error', { action: 'created', data: { error: { title: 'x' } } }],
])('%s is nothing', (_what, body) => {
  expect(commands(body)).toEqual([]);
});

it.each([
  ['nothing', null, ['']],
  ['no action', { ...created, action: undefined }, ['action']],
  ['no data', { action: 'created' }, ['data']],
  ['an issue without an id', changed(created, 'issue', { id: 7 }), ['data.issue.id']],
  ['an event of no issue', changed(alerted, 'event', { issue_id: null }), ['data.event.issue_id']],
  ['an odd metric alert', { ...metric, action: 'odd' }, ['action']],
])('%s is refused with the field', (_what, body, paths) => {
  const translation = sentry(body, context);
  expect('problems' in translation && translation.problems.map(({ path }) => path.join('.'))).toEqual(paths);
});

describe('the signature', () => {
  const secret = 'client-secret-0123456789';
  const now = '2026-11-20T21:10:00.000Z';
  const seconds = (at: string) => String(Date.parse(at) / 1_000);

  function received(signingSecretOf: () => Promise<string | null> = async () => secret) {
    const switchboard = new Switchboard();
    const principal = { ...ingest, ingest: { ...unconfigured, hasSigningSecret: true } };
    const inbound = createInbound({
      ...quiet,
      handle: switchboard.handle,
      authenticateKey: () => principal,
      signingSecretOf,
      now: () => now,
    });
    const send = async (body: string, headers: Record<string, string>) =>
      (
        await inbound({
          method: 'POST',
          path: '/inbound/sentry/key',
          headers,
          body: once(body),
          remoteAddress: null,
        })
      )?.status;
    return { switchboard, send };
  }

  const signed = (body: string, at = now, key = secret) => ({
    'sentry-hook-resource': 'issue',
    'sentry-hook-timestamp': seconds(at),
    'sentry-hook-signature': createHmac('sha256', key).update(body).digest('hex'),
  });
  const body = JSON.stringify(created);

  it('that is right lets it in', async () => {
    const { send, switchboard } = received();
    expect(await send(body, signed(body))).toBe(200);
    expect(switchboard.requests).toMatchObject([
      {
        request: {
          principal: ingest.credentialId,
          key: expect.stringMatching(/^sentry:[0-9a-f]{64}:2026-11-20T21$/),
        },
      },
    ]);
  });

  it.each([
    ['none', {}],
    ['of another secret', signed(body, now, 'another')],
    ['of another body', signed(`${body} `)],
    ['too short', { ...signed(body), 'sentry-hook-signature': 'abcd' }],
    ['sent two hours ago', signed(body, '2026-11-20T19:10:00.000Z')],
    ['sent in an hour', signed(body, '2026-11-20T22:10:00.000Z')],
    ['sent at no time', { ...signed(body), 'sentry-hook-timestamp': 'now' }],
  ])('%s is 401, and nothing happens', async (_what, headers) => {
    const { send, switchboard } = received();
    expect(await send(body, headers)).toBe(401);
    expect(switchboard.requests).toEqual([]);
  });

  it('makes the same body one delivery within the hour, and another after it', async () => {
    const { send, switchboard } = received();
    for (const at of ['2026-11-20T20:30:00.000Z', '2026-11-20T20:45:00.000Z', now]) {
      expect(await send(body, signed(body, at))).toBe(200);
    }
    const [first, again, later] = switchboard.requests.map(({ request }) => request?.key);
    expect(again).toBe(first);
    expect(later).not.toBe(first);
  });

  it('altered or stale, a thousand of each: none gets in', async () => {
    const { send, switchboard } = received();
    for (let number = 0; number < 1_000; number++) {
      const at = (number * 7_919) % body.length;
      const altered = `${body.slice(0, at)}${body[at] === 'x' ? 'y' : 'x'}${body.slice(at + 1)}`;
      expect([400, 401]).toContain(await send(altered, signed(body)));
      const sentAt = new Date(Date.parse(now) - 3_600_001 - number * 1_000).toISOString();
      expect(await send(body, signed(body, sentAt))).toBe(401);
    }
    expect(switchboard.requests).toEqual([]);
  });

  it('cannot be checked without a secret, nor where it cannot be read', async () => {
    expect(await received(async () => null).send(body, signed(body))).toBe(401);
    const unreadable = async () => {
      throw new Error('It was encrypted with another key.');
    };
    expect(await received(unreadable).send(body, signed(body))).toBe(503);
  });
});
