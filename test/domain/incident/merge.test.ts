import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '../../../src/domain/incident/deadlines.ts';
import type { Decision } from '../../../src/domain/incident/decision.ts';
import type { IncidentEventOf, IncidentEventType } from '../../../src/domain/incident/events.ts';
import type { IncidentStatus } from '../../../src/domain/incident/vocabulary.ts';
import { grace, inStatus, Story, scheduler } from '../../support/given.ts';

const winnerId = '00000000-0000-7000-8000-000000000002';
const farId = '00000000-0000-7000-8000-000000000003';

function another(severity: 'SEV1' | 'SEV3' | 'SEV4' = 'SEV3', input = {}, id = winnerId): Story {
  const story = new Story({}, { id, number: id === winnerId ? 2 : 3 });
  story.do('declareIncident', { title: 'Payments fail', severity, ...input });
  return story;
}

/** An incident of an alert. */
function alerted(dedupKey: string, fingerprints: readonly string[], id?: string): Story {
  const story = new Story({}, id === undefined ? {} : { id, number: 2 });
  story.do('receiveSignals', {
    dedupKey,
    declare: { title: dedupKey, severity: 'SEV3', source: 'alertmanager' },
    firing: fingerprints.map((fingerprint) => ({
      type: 'ALERT',
      source: 'alertmanager',
      summary: fingerprint,
      correlationKey: `of ${fingerprint}`,
      fingerprint,
    })),
    cleared: [],
    severity: null,
  });
  return story;
}

const input = { intoIncidentId: winnerId, reason: 'One outage' };

/** What merging the loser into the winner comes to, for each; both are left as they were. */
function decided(loser: Story, winner: Story, by = grace): { own: Decision; beside: Decision | null } {
  loser.others.set(winnerId, { state: winner.incident, number: 2 });
  const own = loser.when('mergeIncidents', input, { by });
  const companion = own.ok ? own.companion : null;
  expect(companion?.incidentId ?? winnerId).toBe(winnerId);
  return { own, beside: companion?.decide(winner.state, winner.context({ by })) ?? null };
}

function merged(
  loser: Story,
  winner: Story,
): readonly [readonly IncidentEventType[], readonly IncidentEventType[]] {
  const { own, beside } = decided(loser, winner);
  if (!own.ok) throw new Error(own.refusal.message);
  if (!beside?.ok) throw new Error(beside?.refusal.message);
  loser.apply(own);
  winner.apply(beside);
  return [own.events.map(({ type }) => type), beside.events.map(({ type }) => type)];
}

function absorbed(winner: Story): IncidentEventOf<'INCIDENT_ABSORBED'>['payload'] {
  const event = winner.events.findLast(({ type }) => type === 'INCIDENT_ABSORBED');
  return (event as IncidentEventOf<'INCIDENT_ABSORBED'>).payload;
}

describe('merging by status of the two', () => {
  const open = ['REPORTED', 'ACKNOWLEDGED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED'] as const;
  const over = ['RESOLVED', 'CLOSED', 'CANCELLED'] as const;
  const cases: [IncidentStatus, IncidentStatus, boolean][] = [
    ...open.flatMap((status): [IncidentStatus, IncidentStatus, boolean][] => [
      [status, 'REPORTED', true],
      ['REPORTED', status, true],
    ]),
    ...over.flatMap((status): [IncidentStatus, IncidentStatus, boolean][] => [
      [status, 'REPORTED', false],
      ['REPORTED', status, false],
    ]),
  ];
  it.each(cases)('%s into %s: %s', (from, into, possible) => {
    const loser = inStatus(from);
    const winner = inStatus(into);
    const { own } = decided(loser, winner);
    expect(own.ok ? [] : [own.refusal.kind, 'status' in own.refusal && own.refusal.status]).toEqual(
      possible ? [] : ['InvalidTransitionError', from === 'REPORTED' ? into : from],
    );
  });
});

describe('a merge', () => {
  it('cancels the one, with its link, and tells the other; nothing is due of the one any more', () => {
    const loser = inStatus('REPORTED');
    const winner = another();
    expect(merged(loser, winner)).toEqual([['INCIDENT_MERGED'], ['INCIDENT_ABSORBED']]);
    expect(loser.incident).toMatchObject({
      status: 'CANCELLED',
      mergedInto: { incidentId: winnerId, number: 2 },
      acknowledgeSla: { endedAt: loser.incident.cancelledAt, breachedAt: null },
    });
    expect(deadlinesOf(loser.incident, loser.policy, null)).toEqual([]);
    expect(winner.incident).toMatchObject({ status: 'REPORTED', mergedIncidentIds: [loser.incident.id] });
    expect(absorbed(winner)).toMatchObject({ number: 1, reason: 'One outage' });
  });

  it.each([
    ['SEV1', 'SEV3', ['INCIDENT_ABSORBED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_ESCALATED'], 'SEV1'],
    ['SEV3', 'SEV3', ['INCIDENT_ABSORBED'], 'SEV3'],
    ['SEV4', 'SEV1', ['INCIDENT_ABSORBED'], 'SEV1'],
  ] as const)('of %s into %s writes %j', (of, into, types, severity) => {
    const loser = inStatus('REPORTED', { severity: of });
    const winner = another(into);
    expect(merged(loser, winner)[1]).toEqual(types);
    expect(winner.incident.severity).toBe(severity);
  });

  it('brings dedup keys, correlation keys and what fires, and leaves the signals where they are', () => {
    const loser = alerted('group', ['a', 'b']);
    const winner = alerted('other', ['c'], winnerId);
    merged(loser, winner);
    expect(winner.incident).toMatchObject({
      dedupKeys: ['other', 'group'],
      correlationKeys: ['of c', 'of a', 'of b'],
      openSignalCount: 3,
      signalCount: 1,
    });
    expect(loser.incident).toMatchObject({ signalCount: 2, openSignalCount: 2, dedupKeys: ['group'] });
  });

  it('leaves correlation keys beyond the 50th where they are', () => {
    const keys = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
    const winner = another('SEV3', { correlationKeys: keys('w', 48) });
    merged(inStatus('REPORTED', { correlationKeys: keys('l', 5) }), winner);
    expect(absorbed(winner).correlationKeys).toEqual(['l0', 'l1']);
    expect(winner.incident.correlationKeys).toHaveLength(50);
  });

  it('of what took others in brings those, too', () => {
    const first = inStatus('REPORTED');
    const second = another();
    merged(first, second);
    const far = another('SEV3', {}, farId);
    second.others.set(farId, { state: far.incident, number: 3 });
    const own = second.when('mergeIncidents', { intoIncidentId: farId, reason: 'All one' }, { by: grace });
    if (!own.ok) throw new Error(own.refusal.message);
    const beside = own.companion?.decide(far.state, far.context({ by: grace }));
    if (!beside?.ok) throw new Error('Refused.');
    far.apply(beside);
    expect(far.incident.mergedIncidentIds).toEqual([winnerId, first.incident.id]);
  });
});

describe('a merge is refused', () => {
  it('into itself, without a reason, and into nothing', () => {
    const story = inStatus('REPORTED');
    const itself = { intoIncidentId: story.incident.id, reason: ' ' };
    expect(story.problems('mergeIncidents', itself)).toEqual(['reason', 'intoIncidentId']);
    expect(story.refusal('mergeIncidents', input)).toMatchObject({ kind: 'NotFoundError' });
  });

  it('into what was merged, and of what was, naming where it went', () => {
    const [loser, winner, late] = [inStatus('REPORTED'), another(), inStatus('REPORTED')];
    merged(loser, winner);
    late.others.set(winnerId, { state: loser.incident, number: 7 });
    expect(late.refusal('mergeIncidents', input).message).toContain('It was merged into INC-002.');
    for (const [name, of] of [
      ['reopenIncident', { reason: 'It is back' }],
      ['mergeIncidents', input],
      ['resolveIncident', { summary: 'Done' }],
    ] as const) {
      expect(loser.refusal(name, of, { by: grace })).toMatchObject({
        kind: 'InvalidTransitionError',
        status: 'CANCELLED',
        message: expect.stringContaining('It was merged into INC-002'),
      });
    }
    // A machine that repeats itself is told that it is so.
    expect(loser.do('mergeIncidents', input, { by: scheduler })).toEqual([]);
  });

  it('of a drill into what is real', () => {
    const drill = inStatus('REPORTED', { mode: 'DRILL' });
    const { own } = decided(drill, another());
    expect(own.ok ? null : own.refusal.message).toContain('drill');
  });

  it('when more than 50 dedup keys, or 50 incidents, would be one', () => {
    const many = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
    const loser = inStatus('REPORTED');
    loser.state = { ...loser.incident, dedupKeys: ['runs:cron#1', ...many('l', 3)] };
    const winner = another();
    const refusalWith = (state: object) => {
      winner.state = { ...winner.incident, dedupKeys: [], mergedIncidentIds: [], ...state };
      const { own } = decided(loser, winner);
      return own.ok ? null : own.refusal.message;
    };
    // The key of a burst stays: it counts bursts.
    expect(refusalWith({ dedupKeys: many('w', 47) })).toBeNull();
    expect(refusalWith({ dedupKeys: many('w', 48) })).toContain('51 dedup keys');
    expect(refusalWith({ mergedIncidentIds: many('i', 49) })).toBeNull();
    expect(refusalWith({ mergedIncidentIds: many('i', 50) })).toContain('51 incidents');
  });
});
