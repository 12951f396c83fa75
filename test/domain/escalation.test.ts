import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escalationPreview } from '../../src/domain/escalation/escalationPreview.ts';
import { levelOf } from '../../src/domain/escalation/levelOf.ts';
import { rulesThatApply } from '../../src/domain/escalation/rulesThatApply.ts';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import { escalationTargetKinds, severities } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { EscalationRule } from '../../src/domain/policy/policy.ts';
import { declared, inStatus, scheduler, start } from '../support/given.ts';

const rules = defaultPolicy.escalationRules;

describe('levels', () => {
  it.each([
    ['ON_CALL', 1],
    ['SUPERVISOR', 2],
    ['DIRECTOR', 3],
    ['SLACK', 7],
  ] as const)('%s of an incident at level 7 is %i', (target, level) => {
    expect(levelOf(target, 7)).toBe(level);
  });
});

describe('which rules apply', () => {
  it.each([
    ['SEV1', ['sev1-no-ack-5m', 'no-ack-1h', 'no-ack-4h', 'no-root-cause-24h', 'severity-raised']],
    ['SEV2', ['sev2-no-ack-10m', 'no-ack-1h', 'no-ack-4h', 'no-root-cause-24h', 'severity-raised']],
    ['SEV3', ['no-ack-1h', 'no-ack-4h', 'no-root-cause-24h']],
    ['SEV4', ['no-ack-1h', 'no-ack-4h', 'no-root-cause-24h']],
  ] as const)('%s', (severity, names) => {
    expect(rulesThatApply(rules, severity).map(({ name }) => name)).toEqual(names);
  });

  it('at most nine', () => {
    const many = Array.from({ length: 12 }, (_, index): EscalationRule => {
      return { name: `${index}`, reason: 'NO_ACK', severities: null, afterMinutes: index, target: 'SLACK' };
    });
    expect(rulesThatApply(many, 'SEV1')).toHaveLength(9);
  });
});

describe('a preview', () => {
  it('of a supposed SEV1 nobody acts on', () => {
    const steps = escalationPreview(rules, { severity: 'SEV1', from: start });
    expect(steps.map(({ dueAt, rule, target, level }) => [dueAt, rule, target, level])).toEqual([
      [plusMinutes(start, 5), 'sev1-no-ack-5m', 'ON_CALL', 1],
      [plusMinutes(start, 60), 'no-ack-1h', 'ON_CALL', 1],
      [plusMinutes(start, 240), 'no-ack-4h', 'SUPERVISOR', 2],
      [plusMinutes(start, 1440), 'no-root-cause-24h', 'DIRECTOR', 3],
    ]);
    expect(steps[0]?.why).toBe(
      `SEV1, and nobody has acknowledged it: the on-call responder is paged 5 min after ${start}.`,
    );
  });

  it('of an incident: what is still to come of it', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 61 });
    const { incident: state } = story;
    const steps = escalationPreview(rules, { severity: 'SEV1', from: start, state });
    expect(steps.map(({ rule }) => rule)).toEqual(['no-ack-4h']);
  });

  it('of an incident whose severity would be raised: at once', () => {
    const story = declared({ severity: 'SEV3' });
    const from = plusMinutes(start, 20);
    const steps = escalationPreview(rules, { severity: 'SEV1', from, state: story.incident });
    expect(steps.map(({ dueAt, rule }) => [dueAt, rule])).toEqual([
      [plusMinutes(start, 5), 'sev1-no-ack-5m'],
      [from, 'severity-raised'],
      [plusMinutes(start, 60), 'no-ack-1h'],
      [plusMinutes(start, 240), 'no-ack-4h'],
    ]);
    expect(steps[1]?.why).toBe('The severity was raised to SEV1: the on-call responder is paged at once.');
  });

  it.each(['RESOLVED', 'CANCELLED'] as const)('of an incident that is %s: nothing', (status) => {
    const { incident: state } = inStatus(status);
    expect(escalationPreview(rules, { severity: 'SEV1', from: start, state })).toEqual([]);
  });

  it('says of an unchanged incident what the scheduler will do', () => {
    const arbitraryRules = fc
      .array(
        fc.record({
          reason: fc.constantFrom('NO_ACK', 'NO_ROOT_CAUSE', 'SEVERITY_RAISED', 'MANUAL'),
          severities: fc.option(fc.subarray([...severities], { minLength: 1 })),
          afterMinutes: fc.nat(600),
          target: fc.constantFrom(...escalationTargetKinds),
        }),
        { maxLength: 10 },
      )
      .map((all) => all.map((one, index) => ({ name: `${index}`, ...one }) as EscalationRule));
    fc.assert(
      fc.property(arbitraryRules, fc.constantFrom(...severities), fc.boolean(), (some, severity, acked) => {
        const { incident: state } = inStatus(acked ? 'ACKNOWLEDGED' : 'REPORTED', { severity });
        const planned = deadlinesOf(state, { ...defaultPolicy, escalationRules: some }).flatMap(
          ({ key, dueAt, escalation }) => (escalation === null ? [] : [[key, dueAt, escalation.level]]),
        );
        const steps = escalationPreview(some, { severity, from: start, state });
        expect(steps.map(({ rule, dueAt, level }) => [rule, dueAt, level])).toEqual(planned);
      }),
      { numRuns: 100 },
    );
  });
});
