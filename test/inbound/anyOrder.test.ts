import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cloudWatch } from '../../src/inbound/cloudWatch.ts';
import { mappedAlerts } from '../../src/inbound/json.ts';
import { sentry } from '../../src/inbound/sentry.ts';
import type { Translation } from '../../src/inbound/translation.ts';
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

/** One delivery of what fires. */
const delivery: fc.Arbitrary<Translation> = fc.oneof(
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

it('any order and repetition of the same deliveries of whatever format gives the same incidents', async () => {
  const shuffled = fc
    .array(delivery, { minLength: 1, maxLength: 8 })
    .chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        fc.array(fc.constantFrom(...all), { maxLength: 6 }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([inOrder, reordered, repeated]) => {
      expect(await incidentsOf([...reordered, ...repeated])).toEqual(await incidentsOf(inOrder));
    }),
    { numRuns: 200 },
  );
});
