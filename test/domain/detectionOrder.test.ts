import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertmanager, Story, start } from '../support/given.ts';
import { delivery, firing, received } from './deliveries.ts';

describe('any order and repetition of the same deliveries', () => {
  const signal = fc.record({
    fingerprint: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    severity: fc.constantFrom('critical', 'error', 'warning', 'info', 'odd'),
  });
  // A fingerprint stands for all its labels, so the same one always has the same severity.
  const deliveries = fc
    .array(fc.array(signal, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    .map((all) => {
      const known = new Map<string, string>();
      for (const { fingerprint, severity } of all.flat())
        if (!known.has(fingerprint)) known.set(fingerprint, severity);
      return all.map((some) =>
        some.map(({ fingerprint }) => firing(fingerprint, known.get(fingerprint) ?? '')),
      );
    });

  it('gives the same open incident', () => {
    const shuffled = deliveries.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        fc.array(fc.constantFrom(...all), { maxLength: 4 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, reordered, repeated]) => {
        const once = received(...(inOrder[0] ?? []));
        for (const next of inOrder.slice(1)) once.then(delivery(next));
        const other = received(...(reordered[0] ?? []));
        for (const next of [...reordered.slice(1), ...repeated]) other.then(delivery(next));
        const shape = ({ incident, events }: Story) => ({
          severity: incident.severity,
          status: incident.status,
          signalCount: incident.signalCount,
          openSignalCount: incident.openSignalCount,
          dedupKeys: incident.dedupKeys,
          fingerprints: events
            .flatMap((event) =>
              event.type === 'INCIDENT_SIGNAL_INGESTED' ? [event.payload.fingerprint] : [],
            )
            .toSorted(),
        });
        expect(shape(other.story)).toEqual(shape(once.story));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same open incident with its signals firing or over, where ends are among them', () => {
    const minute = (n: number) => new Date(Date.parse(start) - 3_600_000 + n * 60_000).toISOString();
    // Of each fingerprint: when it began and ended in turn, each a delivery of its own; no connector resolves SEV1.
    const lives = fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })
      .chain((fingerprints) =>
        fc.tuple(
          ...fingerprints.map((fingerprint) =>
            fc
              .uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 5 })
              .map((minutes) =>
                minutes
                  .toSorted((one, other) => one - other)
                  .map((at, index) =>
                    index % 2 === 0
                      ? delivery([firing(fingerprint, 'critical', { beganAt: minute(at) })])
                      : delivery([], { cleared: [{ fingerprint, at: minute(at) }] }),
                  ),
              ),
          ),
        ),
      )
      .map((all) => all.flat());
    const shuffled = lives.chain((all) =>
      fc.array(fc.constantFrom(...all), { maxLength: 4 }).chain((repeated) => {
        const both = [...all, ...repeated];
        return fc.tuple(fc.constant(all), fc.shuffledSubarray(both, { minLength: both.length }));
      }),
    );
    const shapeOf = (deliveries: readonly ReturnType<typeof delivery>[]) => {
      const story = new Story();
      for (const next of deliveries) story.do('receiveSignals', next, { by: alertmanager });
      const { status, severity, signalCount, openSignalCount } = story.incident;
      const open = story.facts
        .openSignals('group')
        .map(({ fingerprint, beganAt }) => `${fingerprint} ${beganAt}`);
      return { status, severity, signalCount, openSignalCount, open: open.toSorted() };
    };
    fc.assert(
      fc.property(shuffled, ([inOrder, other]) => {
        expect(shapeOf(other)).toEqual(shapeOf(inOrder));
      }),
      { numRuns: 200 },
    );
  });
});
