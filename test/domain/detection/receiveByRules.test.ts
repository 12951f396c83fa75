import { describe, expect, it } from 'vitest';
import type { DetectionRule } from '../../../src/domain/detection/detectionRule.ts';
import type { IncidentCommandInputs } from '../../../src/domain/incident/commands.ts';
import { anyRule } from '../../support/anyRule.ts';
import { alertmanager, declared, Story } from '../../support/given.ts';
import { clears, delivery, firing } from '../deliveries.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

const under = (...detectionRules: readonly DetectionRule[]) => new Story({ detectionRules });

function decided(story: Story, input: Delivery) {
  const decision = story.when('receiveSignals', input, { by: alertmanager });
  if (!decision.ok) throw new Error(decision.refusal.message);
  story.apply(decision);
  return decision;
}

const types = (decision: ReturnType<typeof decided>) => decision.events.map(({ type }) => type);
const drops = anyRule({ name: 'noise', text: ['noise'], outcome: 'DROP' });
const attaches = anyRule({ name: 'context', outcome: 'ATTACH_ONLY' });
const noise = (fingerprint: string, more = {}) =>
  firing(fingerprint, 'critical', { summary: 'noise', ...more });

describe('a delivery whose key no incident holds', () => {
  it('declares as it is where no rule matches', () => {
    const decision = decided(under(drops), delivery([firing('a', 'warning')]));
    expect(types(decision)).toEqual(['INCIDENT_CREATED', 'INCIDENT_SIGNAL_INGESTED']);
    expect(decision.lostSignals).toEqual([]);
  });

  it('declares as its rule says: how severe, under which title, with tags and roles of members', () => {
    const rule = anyRule({
      severity: 'SEV4',
      title: 'In {environment}: {summary}',
      tags: ['auto'],
      roles: [
        { role: 'COMMANDER', userId: 'ada' },
        { role: 'TECH_LEAD', userId: 'gone' },
      ],
    });
    const story = under(rule);
    const input = delivery([firing('a', 'critical', { environment: 'production', summary: 'Slow' })]);
    expect(types(decided(story, input))).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_ROLE_ASSIGNED',
      'INCIDENT_SIGNAL_INGESTED',
    ]);
    expect(story.incident).toMatchObject({
      severity: 'SEV4',
      title: 'In production: Slow',
      tags: ['auto'],
      commanderId: 'ada',
      techLeadId: null,
    });
    expect(story.lookedUp).toEqual([{ joinable: [], userIds: ['ada', 'gone'] }]);
  });

  it('is as severe as the worst of what is left, once the worst is dropped', () => {
    const story = under(drops);
    const decision = decided(story, delivery([noise('a'), firing('b', 'warning')]));
    expect(story.incident).toMatchObject({ severity: 'SEV3', signalCount: 1 });
    expect(decision.lostSignals).toEqual([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
  });

  it('writes nothing when all of it is dropped, and counts it', () => {
    const decision = decided(under(drops), delivery([noise('a'), noise('b')]));
    expect(decision).toMatchObject({
      events: [],
      state: null,
      lostSignals: [{ reason: 'DROPPED', name: 'noise', count: 2 }],
    });
  });

  it('declares a HIGH or CRITICAL error whatever the rules would keep from it', () => {
    const story = under(drops, attaches);
    decided(story, delivery([noise('a', { type: 'ERROR', raisesTo: 'SEV2' })]));
    expect(story.incident.signalCount).toBe(1);
  });

  it('takes what only joins along where something else declares', () => {
    const story = under(anyRule({ name: 'context', text: ['noise'], outcome: 'ATTACH_ONLY' }));
    const decision = decided(story, delivery([noise('a'), firing('b', 'warning')]));
    expect(story.incident.signalCount).toBe(2);
    expect(decision.lostSignals).toEqual([]);
  });

  it('of what only joins looks for an open incident, and is counted when there is none', () => {
    const story = under(attaches);
    const signal = firing('a', 'warning', { correlationKey: 'deploy-1', service: ' Checkout ' });
    const decision = decided(story, delivery([signal]));
    expect(story.lookedUp).toEqual([
      {
        joinable: [
          { kind: 'CORRELATION_KEY', key: 'deploy-1' },
          { kind: 'SERVICE', key: 'checkout' },
        ],
        userIds: [],
      },
    ]);
    expect(decision).toMatchObject({
      events: [],
      state: null,
      lostSignals: [{ reason: 'NOT_ATTACHED', name: 'context', count: 1 }],
    });
  });
});

describe('what only joins, and found an open incident', () => {
  it('is attached as evidence: it raises nothing, keeps nothing open, and its key stays free', () => {
    const story = declared({ severity: 'SEV4' }, { detectionRules: [attaches] });
    const decision = decided(story, delivery([firing('a', 'critical', { correlationKey: 'deploy-1' })]));
    expect(types(decision)).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(story.incident).toMatchObject({
      severity: 'SEV4',
      signalCount: 1,
      openSignalCount: 0,
      dedupKeys: [],
      correlationKeys: ['deploy-1'],
    });
    const again = decided(story, delivery([firing('a', 'critical')]));
    expect(again.events).toEqual([]);
    expect(again.signalRepeats).toHaveLength(1);
  });

  it('leaves behind what is dropped', () => {
    const story = declared({}, { detectionRules: [drops, attaches] });
    const decision = decided(story, delivery([noise('a'), firing('b', 'warning')]));
    expect(types(decision)).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(decision.lostSignals).toEqual([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
  });
});

describe('a delivery whose key an incident holds', () => {
  it('joins, whatever rules would drop: they speak of signals without an incident', () => {
    const story = under(drops);
    decided(story, delivery([firing('a', 'warning')]));
    const decision = decided(story, delivery([noise('b', { raisesTo: 'SEV4' })]));
    expect(types(decision)).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(decision.lostSignals).toEqual([]);
  });

  it('raises no further than its rule calls it severe', () => {
    const story = under(anyRule({ severity: 'SEV3' }));
    decided(story, delivery([firing('a', 'critical')]));
    expect(types(decided(story, delivery([firing('b', 'critical')])))).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(story.incident.severity).toBe('SEV3');
  });

  it('clears and resolves as ever', () => {
    const story = under(attaches, drops);
    story.policy = { ...story.policy, detectionRules: [] };
    decided(story, delivery([firing('a', 'warning')]));
    story.policy = { ...story.policy, detectionRules: [drops] };
    expect(types(decided(story, delivery([], clears('a'))))).toEqual([
      'INCIDENT_SIGNAL_CLEARED',
      'INCIDENT_RESOLVED',
    ]);
  });
});
