import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineLimit } from '../../src/domain/incident/deadline.ts';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import { gateInstant } from '../../src/domain/incident/sessionGate.ts';
import {
  deadlineKinds,
  escalationReasons,
  escalationTargetKinds,
  type IncidentSeverity,
  severities,
  statuses,
} from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { ada, declared, inStatus, rootCause, type Story, scheduler, start } from '../support/given.ts';

describe('any story and policy', () => {
  const severity = fc.constantFrom(...severities);
  const arbitraryRules = fc
    .array(
      fc.record({
        reason: fc.constantFrom(...escalationReasons),
        severities: fc.option(fc.subarray([...severities], { minLength: 1 })),
        afterMinutes: fc.integer({ min: 0, max: 3000 }),
        target: fc.constantFrom(...escalationTargetKinds),
      }),
      { maxLength: 14 },
    )
    .map((rules) => rules.map((one, index) => ({ name: `rule-${index}`, ...one })));
  const arbitraryGate = fc.record({
    enabled: fc.boolean(),
    afterMinutes: fc.integer({ min: 1, max: 1500 }),
    severities: fc.subarray([...severities], { minLength: 1 }),
  });
  const whats = ['ack', 'unack', 'severity', 'cause', 'resolve', 'reopen', 'fire', 'note', 'snooze'] as const;
  type Step = { what: (typeof whats)[number]; severity: IncidentSeverity; after: number };
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom(...whats),
    severity,
    after: fc.integer({ min: 0, max: 900 }),
  });

  function live(story: Story, steps: readonly Step[]) {
    let minute = 0;
    for (const { what, severity: to, after } of steps) {
      minute += after;
      const at = { atMinute: minute, by: ada };
      const decision = {
        ack: () => story.when('acknowledgeIncident', {}, at),
        unack: () => story.when('unacknowledgeIncident', {}, at),
        severity: () => story.when('changeIncidentSeverity', { severity: to, reason: 'So' }, at),
        cause: () => story.when('recordRootCause', rootCause, at),
        resolve: () => story.when('resolveIncident', { summary: 'Done' }, at),
        reopen: () => story.when('reopenIncident', { reason: 'Back' }, at),
        fire: () => story.when('fireDeadlines', {}, { ...at, by: scheduler }),
        snooze: () => story.when('snoozeIncident', { until: plusMinutes(start, minute + after - 300) }, at),
        note: () => story.when('addIncidentNote', { message: 'Hm' }, at),
      }[what]();
      if (decision.ok) story.apply(decision);
    }
  }

  const story12 = fc.array(step, { maxLength: 12 });

  /** Blocks and releases alternate, none early; what blocks now is what the incident, as it is, is to block from. */
  function checkGate({ incident, policy, gateBlockedAt, administrationEvents, events }: Story) {
    for (const [index, { type, at, payload }] of administrationEvents.entries()) {
      expect(type).toBe(index % 2 === 0 ? 'SESSION_GATE_BLOCKED' : 'SESSION_GATE_RELEASED');
      if (type === 'SESSION_GATE_BLOCKED') expect(payload.dueAt <= at).toBe(true);
      if (type === 'SESSION_GATE_RELEASED') {
        expect(payload.blockedAt).toBe(administrationEvents[index - 1]?.at);
      }
    }
    expect(gateBlockedAt !== null).toBe(administrationEvents.length % 2 === 1);
    const instant = gateInstant(incident, policy);
    if (gateBlockedAt !== null) expect(instant?.dueAt && instant.dueAt <= gateBlockedAt).toBe(true);
    else if (instant !== null) expect(instant.dueAt > (events.at(-1)?.at ?? '')).toBe(true);
  }

  it('is deterministic, bounded, sorted, unique, and never contains what has fired', () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryGate, severity, story12, (rules, sessionGate, first, steps) => {
        const story = declared({ severity: first }, { escalationRules: rules, sessionGate });
        live(story, steps);
        const { incident, policy, gateBlockedAt } = story;
        const plan = deadlinesOf(incident, policy, gateBlockedAt);
        expect(deadlinesOf(structuredClone(incident), structuredClone(policy), gateBlockedAt)).toEqual(plan);
        checkGate(story);
        expect(plan.length).toBeLessThanOrEqual(deadlineLimit);
        expect(plan.map(({ dueAt }) => dueAt)).toEqual(plan.map(({ dueAt }) => dueAt).toSorted());
        expect(new Set(plan.map(({ kind, key }) => `${kind} ${key}`)).size).toBe(plan.length);
        for (const { key, escalation, kind, dueAt } of plan) {
          expect(deadlineKinds).toContain(kind);
          const fired = incident.firedRules.some((one) => one.rule === key && one.base === escalation?.base);
          expect(escalation !== null && fired).toBe(false);
          if (escalation?.reason === 'NO_ACK') expect(dueAt >= (incident.snoozedUntil ?? '')).toBe(true);
        }
        if (incident.acknowledgeSla.breachedAt !== null || incident.firstAcknowledgement !== null) {
          expect(plan.some(({ kind }) => kind.startsWith('ACKNOWLEDGE_SLA'))).toBe(false);
        }
        const escalations = story.events.filter((event) => event.type === 'INCIDENT_ESCALATED');
        const once = escalations.map(({ payload }) => `${payload.rule} ${payload.base}`);
        expect(new Set(once).size).toBe(once.length);
      }),
      { numRuns: 150 },
    );
  });

  it('every status is accounted for', () => {
    for (const status of statuses)
      expect(deadlinesOf(inStatus(status).incident, defaultPolicy)).toBeDefined();
  });
});
