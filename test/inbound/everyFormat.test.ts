import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createInbound } from '../../src/inbound/route.ts';
import { gate, openDoor, overlaid } from '../app/openDoor.ts';
import { Amazon } from './amazon.ts';
import { fixture } from './fixture.ts';
import { once, quiet } from './quiet.ts';
import { ingest } from './switchboard.ts';

// What holds for a delivery of every format, through the one door: nothing is answered before it is durable, and whoever
// sends the same again changes nothing.

const now = '2026-11-20T21:10:00.000Z';
const secret = 'the client secret of the integration';
const amazon = new Amazon();

interface Sent {
  readonly path: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const sentry = fixture('sentry-issue-created');

/** A delivery that fires, of every format, and how many signals it brings. */
const formats: readonly (readonly [name: string, sent: Sent, signals: number])[] = [
  ['alertmanager', { path: '/inbound/alertmanager/key', body: fixture('alertmanager-firing') }, 2],
  ['grafana', { path: '/inbound/grafana/key', body: fixture('grafana-firing') }, 1],
  [
    'datadog',
    {
      path: '/inbound/datadog/key',
      body: { cycle_key: 'c1', transition: 'Triggered', alert_type: 'error', title: 'Down' },
    },
    1,
  ],
  ['json', { path: '/inbound/json/key', body: { key: 'disk', title: 'Disk full', severity: 'P1' } }, 1],
  [
    'sentry',
    {
      path: '/inbound/sentry/key',
      body: sentry,
      headers: {
        'sentry-hook-signature': createHmac('sha256', secret).update(JSON.stringify(sentry)).digest('hex'),
        'sentry-hook-timestamp': String(Date.parse(now) / 1_000),
      },
    },
    1,
  ],
  ['sns', { path: '/inbound/sns/key', body: amazon.signed(amazon.notification({}, { Timestamp: now })) }, 1],
  ['pagerduty', { path: '/v2/enqueue', body: { ...fixture('pagerduty-trigger'), routing_key: 'key' } }, 1],
  [
    'opsgenie',
    {
      path: '/v2/alerts',
      body: { message: 'Down', alias: 'down', priority: 'P2' },
      headers: { authorization: 'GenieKey key' },
    },
    1,
  ],
];

/** The connectors on a store whose commits wait for `opened`. */
function connectors(opened: Promise<void>) {
  const committing = gate();
  const opening = openDoor({
    wrap: (memory) =>
      overlaid(memory, {
        commit: async (batch) => {
          committing.open();
          await opened;
          return memory.commit(batch);
        },
      }),
    limits: { waitMilliseconds: 15 },
  });
  const inbound = createInbound({
    ...quiet,
    now: () => now,
    handle: opening.door,
    signingSecretOf: async () => secret,
    fetchFromAmazon: amazon.fetch,
  });
  return {
    /** Resolves once the first commit is under way. */
    committing: committing.opened,
    async send({ path, body, headers = {} }: Sent): Promise<number | undefined> {
      const text = JSON.stringify(body);
      const length = { 'content-length': String(text.length) };
      const request = { method: 'POST', path, headers: { ...length, ...headers }, remoteAddress: null };
      return (await inbound({ ...request, body: once(text) }))?.status;
    },
    /** What there is by now: incidents and signals. */
    get kept() {
      const { incidents, signals, ledgers } = opening.memory.organization(ingest.organizationId);
      return { incidents: incidents.size, signals: signals.size, events: ledgers.INCIDENTS.length };
    },
  };
}

describe.each(formats)('a delivery of %s', (_name, sent, signals) => {
  it('that comes twice has one effect', async () => {
    const connected = connectors(Promise.resolve());
    expect(await connected.send(sent)).toBeOneOf([200, 202]);
    const { kept } = connected;
    expect(kept).toMatchObject({ incidents: 1, signals });
    expect(await connected.send(sent)).toBeOneOf([200, 202]);
    expect(connected.kept).toEqual(kept);
  });

  it('that comes again at a distance has one effect', async () => {
    const connected = connectors(Promise.resolve());
    const others = formats.flatMap(([, other]) => (other === sent ? [] : [other]));
    for (const one of [sent, ...others]) expect(await connected.send(one)).toBeOneOf([200, 202]);
    const { kept } = connected;
    expect(kept.incidents).toBe(formats.length);
    for (const one of [sent, ...others, sent]) expect(await connected.send(one)).toBeOneOf([200, 202]);
    expect(connected.kept).toEqual(kept);
  });

  it('is answered once it is durable, however slow the database is, and is not lost when told to come again', async () => {
    const held = gate();
    const connected = connectors(held.opened);
    let answered = false;
    const first = connected.send(sent).finally(() => {
      answered = true;
    });
    await connected.committing;
    // Its sender, or another of it, does not wait for the answer: it waits too long in the queue.
    expect(await connected.send(sent)).toBe(503);
    expect([answered, connected.kept]).toEqual([false, { incidents: 0, signals: 0, events: 0 }]);
    held.open();
    expect(await first).toBeOneOf([200, 202]);
    expect(connected.kept).toMatchObject({ incidents: 1, signals });
    const { events } = connected.kept;
    expect(await connected.send(sent)).toBeOneOf([200, 202]);
    expect(connected.kept).toEqual({ incidents: 1, signals, events });
  });
});
