import { describe, expect, it } from 'vitest';
import type { IncidentCommandInputs } from '../../../src/domain/incident/commands.ts';
import { evolve } from '../../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../../src/domain/incident/state.ts';
import { alertmanager, declared, Story } from '../../support/given.ts';

type Split = IncidentCommandInputs['splitSignal'];

/** Alerts of these dedup keys and fingerprints, all of one incident. */
function alerted(...alerts: readonly (readonly [dedupKey: string, fingerprint: string])[]): Story {
  const story = new Story();
  for (const [dedupKey, fingerprint] of alerts) {
    if (story.state !== null)
      story.state = { ...story.incident, dedupKeys: [...new Set([...story.incident.dedupKeys, dedupKey])] };
    story.do(
      'receiveSignals',
      {
        dedupKey,
        declare: { title: dedupKey, severity: 'SEV2', source: 'alertmanager', service: 'Checkout' },
        firing: [{ type: 'ALERT', source: 'alertmanager', summary: `${fingerprint} fires`, fingerprint }],
        cleared: [],
        severity: null,
      },
      { by: alertmanager },
    );
  }
  return story;
}

function signalOf(story: Story, fingerprint: string): string {
  return story.facts.openSignal(fingerprint) ?? 'none';
}

/** Splits a signal off, and answers the incident it becomes. */
function split(story: Story, fingerprint: string, input: Partial<Split> = {}): IncidentState {
  const decision = story.when('splitSignal', {
    signalId: signalOf(story, fingerprint),
    reason: 'Another matter',
    ...input,
  });
  if (!decision.ok) throw new Error(decision.refusal.message);
  expect(decision.events.map(({ type }) => type)).toEqual(['INCIDENT_SIGNAL_SPLIT']);
  const { companion } = decision;
  if (companion === null) throw new Error('It declares nothing.');
  const made = companion.decide(null, { ...story.context(), incidentId: companion.incidentId });
  if (!made.ok || made.state === null) throw new Error('It is refused.');
  expect(made.events.map(({ type }) => type)).toEqual(['INCIDENT_CREATED', 'INCIDENT_SIGNAL_INGESTED']);
  expect(made.events.reduce<IncidentState | null>(evolve, null)).toEqual(made.state);
  story.apply(decision);
  return made.state;
}

describe('a signal that is split off', () => {
  it('becomes an incident of its own, like the one it comes from unless said', () => {
    const story = alerted(['group', 'a'], ['other', 'b']);
    const { id, serviceId } = story.incident;
    const made = split(story, 'b');
    expect(made).toMatchObject({
      title: 'b fires',
      severity: 'SEV2',
      source: 'alertmanager',
      serviceId,
      splitFromId: id,
      signalCount: 1,
      openSignalCount: 1,
      dedupKeys: ['other'],
    });
    expect(story.incident).toMatchObject({ signalCount: 1, openSignalCount: 1, dedupKeys: ['group'] });
    expect(split(alerted(['k', 'a'], ['k2', 'b']), 'b', { title: 'Mine', severity: 'SEV4' })).toMatchObject({
      title: 'Mine',
      severity: 'SEV4',
    });
  });

  it('takes what it began with away', () => {
    const story = alerted(['group', 'a'], ['other', 'b']);
    split(story, 'a');
    expect(story.incident.primarySignalId).toBeNull();
  });

  it('leaves its dedup key to others that came by it, and is then cleared by nobody', () => {
    const story = alerted(['group', 'a'], ['group', 'b']);
    const made = split(story, 'b');
    expect(made).toMatchObject({ dedupKeys: [], openSignalCount: 0, signalCount: 1 });
    expect(story.incident).toMatchObject({ dedupKeys: ['group'], openSignalCount: 1 });
  });

  it('has no key when it came without one', () => {
    const story = declared();
    for (const fingerprint of ['x', 'y']) {
      story.do('attachSignal', { type: 'LOG', source: 'app', summary: fingerprint, fingerprint });
    }
    expect(split(story, 'x').dedupKeys).toEqual([]);
    // What a person declared stands without signals.
    expect(split(story, 'y').signalCount).toBe(1);
    expect(story.incident.signalCount).toBe(0);
  });

  it('that lies with what was merged stays there, and is told from one that is nobody’s', () => {
    const story = alerted(['group', 'a'], ['group', 'b']);
    const loser = '00000000-0000-7000-8000-000000000077';
    const split = (signalId: string) => story.refusal('splitSignal', { signalId, reason: 'Another matter' });
    story.signals.set('merged', loser).set('free', null);
    expect(split('merged')).toMatchObject({ kind: 'NotFoundError' });
    story.state = { ...story.incident, mergedIncidentIds: [loser] };
    expect(split('merged')).toMatchObject({
      kind: 'ValidationError',
      fields: [{ path: ['signalId'], message: expect.stringMatching(/stays as it is/) }],
    });
    expect(split('free')).toMatchObject({ kind: 'NotFoundError' });
  });

  it.each([
    ['unknown', {}, { kind: 'NotFoundError' }],
    ['a', { reason: '' }, { kind: 'ValidationError', fields: [{ path: ['reason'] }] }],
    ['a', { title: 'x'.repeat(201) }, { kind: 'ValidationError', fields: [{ path: ['title'] }] }],
    ['a', {}, { kind: 'ValidationError', fields: [{ path: ['signalId'] }] }],
  ])('%s with %j is refused', (fingerprint, input, refusal) => {
    const story = alerted(['group', 'a']);
    const all = { signalId: signalOf(story, fingerprint), reason: 'Another matter', ...input };
    expect(story.refusal('splitSignal', all)).toMatchObject(refusal);
  });
});
