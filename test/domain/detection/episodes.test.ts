import { describe, expect, it } from 'vitest';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { alertmanager, Story, start } from '../../support/given.ts';
import { delivery, firing } from '../deliveries.ts';

type Delivery = ReturnType<typeof delivery>;

const at = (minute: number) => plusMinutes(start, minute - 60);
const since = (minute: number, fingerprint = 'a', severity = 'critical') =>
  firing(fingerprint, severity, { beganAt: at(minute), at: at(minute) });
const until = (minute: number, fingerprint = 'a'): Partial<Delivery> => ({
  cleared: [{ fingerprint, at: at(minute) }],
});
const whole = (minute: number): Partial<Delivery> => ({ resolve: true, resolvedAt: at(minute) });

/** What these deliveries write, one after the other. */
function told(...deliveries: readonly Delivery[]) {
  const story = new Story();
  const types = deliveries.map((next) => story.do('receiveSignals', next, { by: alertmanager }));
  return { story, last: types.at(-1), types };
}

describe('episodes', () => {
  it('begin anew with a later beginning: the one before is over then', () => {
    const { story, last } = told(delivery([since(0)]), delivery([since(10)]));
    expect(last).toEqual(['INCIDENT_SIGNAL_INGESTED', 'INCIDENT_SIGNAL_CLEARED']);
    expect(story.events.at(-1)).toMatchObject({ payload: { fingerprint: 'a', clearedAt: at(10) } });
    expect(story.incident).toMatchObject({ openSignalCount: 1, signalCount: 2, status: 'REPORTED' });
  });

  it('that began earlier than what fires are attached, cleared when that began', () => {
    const { story } = told(delivery([since(10)]), delivery([since(0)]));
    expect(story.events.at(-1)).toMatchObject({
      type: 'INCIDENT_SIGNAL_CLEARED',
      payload: { clearedAt: at(10) },
    });
    expect(story.facts.openSignals('group')).toMatchObject([{ beganAt: at(10) }]);
  });

  it.each([
    ['ends by name', until(5)],
    ['ends as a whole', whole(5)],
  ])('that began later are not over when an older one %s', (_name, end) => {
    expect(told(delivery([since(10)]), delivery([], end)).last).toEqual([]);
  });

  it('that end in the instant they began are over', () => {
    expect(told(delivery([since(10)]), delivery([], until(10))).last).toEqual(['INCIDENT_SIGNAL_CLEARED']);
  });

  it('whose beginning moved back are over all the same', () => {
    // Of two that watch the same, one saw it earlier: the end names the earlier beginning.
    expect(told(delivery([since(3)]), delivery([], until(9))).story.incident.openSignalCount).toBe(0);
  });

  it('that nobody knows the beginning of fire, repeat and end as they always did', () => {
    const { types } = told(
      ...[
        delivery([firing('a', 'critical')]),
        delivery([since(10)]),
        delivery([], until(0)),
        delivery([firing('a', 'critical')]),
      ],
    );
    expect(types.slice(1)).toEqual([[], ['INCIDENT_SIGNAL_CLEARED'], ['INCIDENT_SIGNAL_INGESTED']]);
  });

  it('told again beside what is new neither make it graver nor older', () => {
    const old = since(0, 'a', 'warning');
    const { story } = told(delivery([old]), delivery([], until(5)));
    expect(story.incident.status).toBe('RESOLVED');
    const next = new Story();
    next.episodes = story.episodes;
    const both = delivery([old, since(20, 'b', 'info')]);
    const declare = { ...both.declare, detectedAt: at(0) };
    next.do('receiveSignals', { ...both, declare }, { by: alertmanager });
    expect(next.incident).toMatchObject({ severity: 'SEV4', detectedAt: at(20), signalCount: 1 });
  });

  it('take with them what does not say when it began', () => {
    const rest = firing('truncated', 'info');
    const group = delivery([since(0, 'a', 'warning'), rest]);
    const over = delivery([], { ...until(5), ...whole(5) });
    expect(told(group, over, group).last).toEqual([]);
    const { story } = told(over, group);
    expect(story.incident).toMatchObject({ status: 'RESOLVED', signalCount: 2, openSignalCount: 0 });
  });

  it('are not hidden by an end that lies far ahead', () => {
    const { story } = told(delivery([], until(60_000)), delivery([since(70)]));
    expect(story.incident.openSignalCount).toBe(1);
  });
});
