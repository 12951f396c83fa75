import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { alertmanager } from '../../src/inbound/alertmanager.ts';
import { cloudWatch } from '../../src/inbound/cloudWatch.ts';
import { datadog } from '../../src/inbound/datadog.ts';
import { grafana } from '../../src/inbound/grafana.ts';
import { mappedAlerts } from '../../src/inbound/json.ts';
import { opsgenie } from '../../src/inbound/opsgenie.ts';
import { pagerDuty, readPagerDutyEvent } from '../../src/inbound/pagerDuty.ts';
import { sentry } from '../../src/inbound/sentry.ts';
import type { Translation } from '../../src/inbound/translation.ts';
import { openDoor, organizationId } from '../app/openDoor.ts';
import { openEagerDoor } from '../app/slowStore.ts';
import { Amazon } from './amazon.ts';
import { fixture } from './fixture.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };
const amazon = new Amazon();

/** A webhook of Sentry with this issue or alert in it. */
function sentryOf(name: string, what: 'issue' | 'event' | 'metric_alert', values: object, action?: string) {
  const body = fixture(name);
  const data = body.data as Record<string, object>;
  const changed = { ...body, data: { ...data, [what]: { ...data[what], ...values } } };
  return sentry(action === undefined ? changed : { ...changed, action }, context);
}

/** Alerts of a group as Alertmanager and Grafana send them; a fingerprint stands for all labels, the severity too. */
const group = fc.tuple(
  fc.constantFrom('a', 'b'),
  fc.uniqueArray(fc.constantFrom('critical', 'warning', 'info'), { minLength: 1 }),
  fc.constantFrom({ version: '4', translate: alertmanager }, { version: '1', translate: grafana }),
);

function ofGroup(groupKey: string, severities: readonly string[]) {
  const alerts = severities.map((severity) => ({
    status: 'firing',
    fingerprint: severity,
    labels: { alertname: 'Down', severity },
  }));
  return { status: 'firing', groupKey, alerts };
}

function pagerDutyOf(key: string, severity: string): Translation {
  const trigger = fixture('pagerduty-trigger');
  const payload = { ...(trigger.payload as object), severity };
  const read = readPagerDutyEvent({ ...trigger, dedup_key: key, payload });
  return 'problems' in read ? read : { commands: [pagerDuty(read.event, key, context)] };
}

/** One delivery of an alert of whoever groups and counts them itself. */
const alert: fc.Arbitrary<Translation> = fc.oneof(
  group.map(([key, severities, { version, translate }]) =>
    translate({ version, ...ofGroup(key, severities) }, context),
  ),
  fc
    .tuple(fc.constantFrom('d', 'e'), fc.constantFrom('critical', 'error', 'info'))
    .map(([key, severity]) => pagerDutyOf(key, severity)),
  fc.tuple(fc.constantFrom('o', 'p'), fc.constantFrom('P1', 'P3', 'P5')).map(([alias, priority]) => ({
    commands: [opsgenie({ message: 'Down', alias, priority }, alias, context)],
  })),
  fc
    .tuple(fc.constantFrom('x', 'y'), fc.constantFrom('error', 'warning', 'info'))
    .map(([cycle_key, alert_type]) =>
      datadog({ cycle_key, alert_type, transition: 'Triggered', title: 'Down' }, context),
    ),
);

/** One delivery of what fires. */
const delivery: fc.Arbitrary<Translation> = fc.oneof(
  { weight: 4, arbitrary: alert },
  fc
    .constantFrom('1', '2')
    // An issue has one level at a time, whoever tells of it.
    .chain((id) =>
      fc.constantFrom(
        sentryOf('sentry-issue-created', 'issue', { id, level: id === '1' ? 'fatal' : 'warning' }),
        sentryOf('sentry-event-alert', 'event', { issue_id: id, level: id === '1' ? 'fatal' : 'warning' }),
      ),
    ),
  fc
    .constantFrom('critical', 'warning')
    .map((action) => sentryOf('sentry-metric-alert', 'metric_alert', {}, action)),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('ALARM', 'INSUFFICIENT_DATA'))
    .map(([AlarmArn, NewStateValue]) =>
      cloudWatch(amazon.notification({ AlarmArn, NewStateValue }), context),
    ),
  fc
    .tuple(fc.constantFrom('k', 'l'), fc.constantFrom('critical', 'info'))
    .map(([key, severity]) => mappedAlerts({ value: { key, title: key, severity } }, {}, context)),
);

async function incidentsOf(deliveries: readonly Translation[]) {
  const switchboard = new Switchboard();
  for (const translation of deliveries) {
    if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
    for (const input of translation.commands) {
      await switchboard.handle({
        organizationId: ingest.organizationId,
        actor: ingest.actor,
        target: { by: 'dedupKey', key: input.dedupKey },
        command: { name: 'receiveSignals', input },
      });
    }
  }
  return switchboard.stories
    .map(({ incident, events }) => ({
      key: incident.dedupKeys[0] ?? '',
      severity: incident.severity,
      status: incident.status,
      signalCount: incident.signalCount,
      openSignalCount: incident.openSignalCount,
      fingerprints: events
        .flatMap((event) => (event.type === 'INCIDENT_SIGNAL_INGESTED' ? [event.payload.fingerprint] : []))
        .toSorted(),
    }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** What the same deliveries come to through the one door, all of them at once: as many as they are, from as many senders. */
async function incidentsAtOnce(deliveries: readonly Translation[], open: typeof openDoor) {
  const { door, organization } = open();
  const commands = deliveries.flatMap((translation) =>
    'problems' in translation ? [] : translation.commands,
  );
  const answers = await Promise.all(
    commands.map((input) =>
      door({
        organizationId,
        actor: ingest.actor,
        target: { by: 'dedupKey', key: input.dedupKey },
        command: { name: 'receiveSignals', input },
      }),
    ),
  );
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['done']));
  const signals = [...organization.signals.values()];
  return [...organization.incidents.values()]
    .map(({ state }) => JSON.parse(state) as IncidentState)
    .map(({ id, dedupKeys, severity, status, signalCount, openSignalCount }) => ({
      key: dedupKeys[0] ?? '',
      severity,
      status,
      signalCount,
      openSignalCount,
      fingerprints: signals
        .filter(({ incident_id }) => incident_id === id)
        .map(({ fingerprint }) => String(fingerprint))
        .toSorted(),
    }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** Deliveries, the same in another order, and some of them once more. */
const shuffled = fc
  .array(delivery, { minLength: 1, maxLength: 8 })
  .chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      fc.array(fc.constantFrom(...all), { maxLength: 6 }),
    ),
  );

it('any order and repetition of the same deliveries of whatever format gives the same incidents', async () => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ([inOrder, reordered, repeated]) => {
      expect(await incidentsOf([...reordered, ...repeated])).toEqual(await incidentsOf(inOrder));
    }),
    { numRuns: 200 },
  );
});

it.each([
  ['at once', openDoor],
  ["at once, read ahead of each other's commits", openEagerDoor],
])('so do all of them %s', async (_, open) => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ([inOrder, reordered, repeated]) => {
      expect(await incidentsAtOnce([...reordered, ...repeated], open)).toEqual(await incidentsOf(inOrder));
    }),
    { numRuns: 100 },
  );
});
