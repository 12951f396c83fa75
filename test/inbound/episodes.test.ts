import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { openDoor } from '../app/openDoor.ts';
import { rootCause } from '../support/given.ts';
import { Amazon } from './amazon.ts';
import { fixture } from './fixture.ts';
import { once, quiet } from './quiet.ts';
import { ingest } from './switchboard.ts';

// Episodes: what a sender says of when it began and ended decides, not the order in which its deliveries come.

const now = '2026-11-20T22:00:00.000Z';
const secret = 'the client secret of the integration';
const amazon = new Amazon();

/** Minutes of the hour before. */
function at(minute: number): string {
  return new Date(Date.parse('2026-11-20T21:00:00.000Z') + minute * 60_000).toISOString();
}

/** Whose alarms are SEV1. */
const grave: Principal = {
  ...ingest,
  ingest: { ...unconfigured, severityMap: [{ text: 'alarm', severity: 'SEV1' }] },
};

interface Sent {
  readonly path: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Format {
  /** What fires since this minute, or is over since `until`; grave: no connector may resolve its incident. */
  readonly send: (since: number, until?: number, grave?: boolean) => Sent;
  /** What fires anew is told by the same key. */
  readonly sameKey: boolean;
}

function alerts(path: string, version: string): Format {
  return {
    sameKey: true,
    send(since, until, grave = false) {
      const status = until === undefined ? 'firing' : 'resolved';
      const labels = { alertname: 'Disk', severity: grave ? 'critical' : 'warning' };
      const endsAt = until === undefined ? '0001-01-01T00:00:00Z' : at(until);
      const alert = { status, fingerprint: 'f', labels, startsAt: at(since), endsAt };
      return { path, body: { version, groupKey: 'g', status, alerts: [alert] } };
    },
  };
}

const formats: Readonly<Record<string, Format>> = {
  alertmanager: alerts('/inbound/alertmanager/key', '4'),
  grafana: alerts('/inbound/grafana/key', '1'),
  cloudwatch: {
    sameKey: true,
    send(since, until, grave = false) {
      const alarm = {
        NewStateValue: until === undefined ? 'ALARM' : 'OK',
        StateChangeTime: at(until ?? since),
      };
      // Told again by a message of its own, as after an action that was carried out twice.
      const message = amazon.notification(alarm, { Timestamp: now, MessageId: crypto.randomUUID() });
      return { path: grave ? '/inbound/sns/grave' : '/inbound/sns/key', body: amazon.signed(message) };
    },
  },
  datadog: {
    sameKey: false,
    send(since, until, grave = false) {
      const transition = until === undefined ? 'Triggered' : 'Recovered';
      const date = String(Date.parse(at(until ?? since)));
      const alert = {
        cycle_key: `cycle ${since}`,
        alert_type: grave ? 'critical' : 'warning',
        title: 'Down',
      };
      return { path: '/inbound/datadog/key', body: { ...alert, transition, date } };
    },
  },
  'sentry metric': {
    sameKey: false,
    send(since, until, grave = false) {
      const body = fixture('sentry-metric-alert');
      const data = body.data as { readonly metric_alert: object };
      const action = until === undefined ? (grave ? 'critical' : 'warning') : 'resolved';
      const dates = { date_detected: at(since), date_closed: until === undefined ? null : at(until) };
      const alert = { ...data.metric_alert, id: String(since), ...dates };
      // Told again by a webhook of its own.
      const installation = { uuid: crypto.randomUUID() };
      const sent = { ...body, installation, action, data: { ...data, metric_alert: alert } };
      const digest = createHmac('sha256', secret).update(JSON.stringify(sent)).digest('hex');
      const timestamp = String(Date.parse(now) / 1_000);
      const headers = { 'sentry-hook-signature': digest, 'sentry-hook-timestamp': timestamp };
      return { path: '/inbound/sentry/key', body: sent, headers };
    },
  },
};

function connectors() {
  const opening = openDoor();
  opening.clock.set(now);
  const inbound = createInbound({
    ...quiet,
    now: () => now,
    handle: opening.door,
    authenticateKey: (key) => (key === 'grave' ? grave : ingest),
    signingSecretOf: async () => secret,
    fetchFromAmazon: amazon.fetch,
  });
  const organization = () => opening.memory.organization(ingest.organizationId);
  return {
    opening,
    async send(...all: readonly Sent[]): Promise<void> {
      for (const { path, body, headers = {} } of all) {
        const text = JSON.stringify(body);
        const length = { 'content-length': String(text.length) };
        const request = { method: 'POST', path, headers: { ...length, ...headers }, remoteAddress: null };
        expect((await inbound({ ...request, body: once(text) }))?.status).toBeOneOf([200, 202]);
      }
    },
    get incidents() {
      return [...organization().incidents.values()].map(({ state }) => JSON.parse(state) as IncidentState);
    },
    /** Number of events, and each incident in a word. */
    get kept() {
      const words = this.incidents.map(
        ({ status, signalCount, openSignalCount }) => `${status} ${openSignalCount}/${signalCount}`,
      );
      return { events: organization().ledgers.INCIDENTS.length, words };
    },
    get due() {
      return [...organization().deadlines.values()];
    },
  };
}

describe.each(Object.entries(formats))('what %s tells of episodes', (_name, { send, sameKey }) => {
  const later = send(50);

  it('counts once, also when it is told again after it was over', async () => {
    const connected = connectors();
    await connected.send(send(0), send(0, 10));
    const { kept } = connected;
    expect(kept.words).toEqual(['RESOLVED 0/1']);
    await connected.send(send(0), send(0, 10), send(0), send(0, 10));
    expect(connected.kept).toEqual(kept);
  });

  it('is over when its end comes before it, as it would be the other way round, and nothing falls due', async () => {
    const [inOrder, reversed] = [connectors(), connectors()];
    await inOrder.send(send(0), send(0, 10));
    await reversed.send(send(0, 10));
    expect(reversed.kept).toEqual({ events: 0, words: [] });
    await reversed.send(send(0));
    expect(reversed.kept).toEqual(inOrder.kept);
    expect(reversed.due).toEqual(inOrder.due);
    const shape = ({ title, status, severity, resolution, dedupKeys }: IncidentState) => [
      [title, status, severity, dedupKeys],
      resolution?.summary,
    ];
    expect(reversed.incidents.map(shape)).toEqual(inOrder.incidents.map(shape));
    await reversed.send(send(0), send(0, 10));
    expect(reversed.kept).toEqual(inOrder.kept);
  });

  it('leaves a grave incident open with its signal cleared, in either order', async () => {
    for (const all of [
      [send(0, undefined, true), send(0, 10, true)],
      [send(0, 10, true), send(0, undefined, true)],
    ]) {
      const connected = connectors();
      await connected.send(...all, ...all);
      expect(connected.kept.words).toEqual(['REPORTED 0/1']);
    }
  });

  it('clears nothing that began later', async () => {
    const connected = connectors();
    await connected.send(send(0), send(0, 10), later);
    const { kept } = connected;
    expect(kept.words).toEqual(['RESOLVED 0/1', 'REPORTED 1/1']);
    await connected.send(send(0, 10), send(0));
    expect(connected.kept).toEqual(kept);
    await connected.send(send(50, 55));
    expect(connected.kept.words).toEqual(['RESOLVED 0/1', 'RESOLVED 0/1']);
  });

  it('does not end anew what a person reopened', async () => {
    const connected = connectors();
    await connected.send(send(0), send(0, 10));
    const { id } = connected.incidents[0] as IncidentState;
    const target = { by: 'id', incidentId: id } as const;
    const command = { name: 'reopenIncident', input: { reason: 'It is not over.' } } as const;
    const actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' } as const;
    const { organizationId } = ingest;
    const answer = await connected.opening.door({ organizationId, actor, target, command });
    expect(answer.kind).toBe('done');
    await connected.send(send(0, 10), send(0));
    expect(connected.kept.words).toEqual(['INVESTIGATING 0/1']);
  });

  it('begins another incident when a person resolved the first while it fires', async () => {
    const connected = connectors();
    await connected.send(send(0));
    const { id } = connected.incidents[0] as IncidentState;
    const target = { by: 'id', incidentId: id } as const;
    const actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' } as const;
    const { organizationId } = ingest;
    const acts = [
      { name: 'acknowledgeIncident', input: {} },
      { name: 'recordRootCause', input: rootCause },
      { name: 'resolveIncident', input: { summary: 'Gone' } },
    ] as const;
    for (const command of acts) {
      const answer = await connected.opening.door({ organizationId, actor, target, command });
      expect(answer).toMatchObject({ kind: 'done' });
    }
    await connected.send(send(0));
    expect(connected.kept.words).toEqual(['RESOLVED 1/1', 'REPORTED 1/1']);
    await connected.send(send(0, 10));
    const { kept } = connected;
    expect(kept.words).toEqual(['RESOLVED 1/1', 'RESOLVED 0/1']);
    await connected.send(send(0), send(0, 10));
    expect(connected.kept).toEqual(kept);
  });

  it.runIf(sameKey)('is over once it fires anew, although nobody said so', async () => {
    const connected = connectors();
    await connected.send(send(0), later);
    expect(connected.kept.words).toEqual(['REPORTED 1/2']);
    const { kept } = connected;
    await connected.send(send(0), later, send(0, 10));
    expect(connected.kept).toEqual(kept);
    const reversed = connectors();
    await reversed.send(later, send(0));
    expect(reversed.kept.words).toEqual(['REPORTED 1/2']);
  });
});
