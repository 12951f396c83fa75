import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { isOpen } from '../../src/domain/incident/vocabulary.ts';
import { alertmanager } from '../../src/inbound/alertmanager.ts';
import { cloudWatch } from '../../src/inbound/cloudWatch.ts';
import { datadog } from '../../src/inbound/datadog.ts';
import { grafana } from '../../src/inbound/grafana.ts';
import { sentry } from '../../src/inbound/sentry.ts';
import type { Translation } from '../../src/inbound/translation.ts';
import { openDoor, organizationId } from '../app/openDoor.ts';
import { openEagerDoor } from '../app/slowStore.ts';
import { Amazon } from './amazon.ts';
import { fixture } from './fixture.ts';
import { ingest } from './switchboard.ts';

// Any order and repetition of the same deliveries, with clearings among them, of every format that says when what it
// tells of began or ended.

const amazon = new Amazon();
const grave = [
  { text: 'alarm', severity: 'SEV1' },
  { text: 'insufficient_data', severity: 'SEV1' },
] as const;

function at(minute: number): string {
  return new Date(Date.parse('2026-01-01T00:00:00.000Z') - 3_600_000 + minute * 60_000).toISOString();
}

/** What is told of one alert: it fires since a minute, or fired from then until another. */
type Tell = (since: number, until: number | null) => Translation;

const context = { apiKeyId: ingest.credentialId };

function ofGroup(
  translate: typeof alertmanager,
  version: string,
  groupKey: string,
  fingerprint: string,
): Tell {
  return (since, until) => {
    const status = until === null ? 'firing' : 'resolved';
    const severity = groupKey.startsWith('grave') ? 'critical' : 'warning';
    const labels = { alertname: fingerprint, severity };
    const endsAt = until === null ? '0001-01-01T00:00:00Z' : at(until);
    const alert = { status, fingerprint, labels, startsAt: at(since), endsAt };
    // A group is over with the last of its alerts: nobody says so of one that may have others.
    const group = fingerprint === 'only' ? status : 'firing';
    return translate({ version, groupKey, status: group, alerts: [alert] }, context);
  };
}

function ofAlarm(arn: string): Tell {
  return (since, until) => {
    const alarm = {
      AlarmArn: arn,
      NewStateValue: until === null ? 'ALARM' : 'OK',
      StateChangeTime: at(until ?? since),
    };
    const severityMap = arn.startsWith('grave') ? grave : [];
    return cloudWatch(amazon.notification(alarm), { ...context, severityMap });
  };
}

function ofMonitor(name: string): Tell {
  return (since, until) => {
    const alert_type = name.startsWith('grave') ? 'critical' : 'warning';
    const date = String(Date.parse(at(until ?? since)));
    const transition = until === null ? 'Triggered' : 'Recovered';
    return datadog({ cycle_key: `${name} ${since}`, alert_type, transition, title: 'Down', date }, context);
  };
}

function ofMetric(name: string): Tell {
  return (since, until) => {
    const body = fixture('sentry-metric-alert');
    const data = body.data as { readonly metric_alert: object };
    const dates = { date_detected: at(since), date_closed: until === null ? null : at(until) };
    const action = until === null ? (name.startsWith('grave') ? 'critical' : 'warning') : 'resolved';
    const metric_alert = { ...data.metric_alert, id: `${name} ${since}`, ...dates };
    return sentry({ ...body, action, data: { ...data, metric_alert } }, context);
  };
}

/** Alerts whose incident no connector resolves, and alerts whose incident is resolved once they are over. */
function alertsOf(kind: 'grave' | 'light'): readonly Tell[] {
  const others = kind === 'grave' ? ['one', 'other'] : ['only'];
  return [
    ...others.map((fingerprint) => ofGroup(alertmanager, '4', `${kind} a`, fingerprint)),
    ...others.map((fingerprint) => ofGroup(grafana, '1', `${kind} g`, fingerprint)),
    ofAlarm(`${kind} alarm`),
    ofMonitor(`${kind} monitor`),
    ofMetric(`${kind} metric`),
  ];
}

/** What one alert tells in its life: up to so many episodes one after the other, of which only the last may fire yet. */
function lifeOf(tell: Tell, episodes: number): fc.Arbitrary<readonly Translation[]> {
  return fc
    .tuple(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: episodes * 2 }))
    .map(([minutes]) => {
      const sorted = minutes.toSorted((one, other) => one - other);
      return sorted.map((minute, index) =>
        index % 2 === 0 ? tell(minute, null) : tell(sorted[index - 1] ?? 0, minute),
      );
    });
}

function livesOf(kind: 'grave' | 'light', episodes: number) {
  return fc
    .subarray([...alertsOf(kind)], { minLength: 1, maxLength: 2 })
    .chain((alerts) => fc.tuple(...alerts.map((alert) => lifeOf(alert, episodes))))
    .map((lives) => lives.flat())
    .chain((all) =>
      fc
        .array(fc.constantFrom(...all), { maxLength: 5 })
        .chain((repeated) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...repeated], { minLength: all.length + repeated.length }),
          ),
        ),
    );
}

async function afterwards(deliveries: readonly Translation[], atOnce = false) {
  // At once they are read ahead of each other's commits, too.
  const { door, organization } = atOnce ? openEagerDoor() : openDoor();
  const send = async (translation: Translation) => {
    if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
    for (const input of translation.commands) {
      const command = { name: 'receiveSignals', input } as const;
      const target = { by: 'dedupKey', key: input.dedupKey } as const;
      const answer = await door({ organizationId, actor: ingest.actor, target, command });
      expect(answer.kind).toBe('done');
    }
  };
  if (atOnce) await Promise.all(deliveries.map(send));
  else for (const delivery of deliveries) await send(delivery);
  const signals = [...organization.signals.values()].map(
    ({ dedup_key, fingerprint, began_at, cleared_at, incident_id }) => ({
      episode: JSON.stringify([dedup_key, fingerprint, began_at]),
      fires: cleared_at === null,
      incidentId: incident_id as string,
    }),
  );
  return {
    signals,
    incidents: [...organization.incidents.values()].map(({ state }) => JSON.parse(state) as IncidentState),
  };
}

/** Every incident, with its episodes. */
async function incidentsOf(deliveries: readonly Translation[], atOnce = false) {
  const { signals, incidents } = await afterwards(deliveries, atOnce);
  return incidents
    .map(({ id, dedupKeys, severity, status, signalCount, openSignalCount }) => ({
      key: dedupKeys[0] ?? '',
      ...{ severity, status, signalCount, openSignalCount },
      episodes: signals
        .flatMap(({ incidentId, episode, fires }) => (incidentId === id ? `${episode} ${fires}` : []))
        .toSorted(),
    }))
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** Every episode, and the keys of which an incident is open. */
async function episodesOf(deliveries: readonly Translation[], atOnce = false) {
  const { signals, incidents } = await afterwards(deliveries, atOnce);
  return {
    episodes: signals.map(({ episode, fires }) => `${episode} ${fires}`).toSorted(),
    open: incidents.flatMap(({ status, dedupKeys }) => (isOpen(status) ? dedupKeys : [])).toSorted(),
  };
}

describe.each([false, true])(
  'with all at once: %s, any order and repetition of the same deliveries',
  (atOnce) => {
    const numRuns = 50;

    it('gives the same incidents where each alert has one episode', async () => {
      await fc.assert(
        fc.asyncProperty(livesOf('light', 1), async ([inOrder, reordered]) => {
          expect(await incidentsOf(reordered, atOnce)).toEqual(await incidentsOf(inOrder));
        }),
        { numRuns },
      );
    });

    it('gives the same incidents where no connector resolves them', async () => {
      await fc.assert(
        fc.asyncProperty(livesOf('grave', 3), async ([inOrder, reordered]) => {
          expect(await incidentsOf(reordered, atOnce)).toEqual(await incidentsOf(inOrder));
        }),
        { numRuns },
      );
    });

    // Whether a later episode found the incident of the one before open is what came first: nothing is rewritten.
    it('gives the same episodes, over or firing, and leaves the same alerts open', async () => {
      await fc.assert(
        fc.asyncProperty(livesOf('light', 3), async ([inOrder, reordered]) => {
          expect(await episodesOf(reordered, atOnce)).toEqual(await episodesOf(inOrder));
        }),
        { numRuns },
      );
    });
  },
);
