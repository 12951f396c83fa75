import { describe, expect, it } from 'vitest';
import { plusMinutes } from '../../../src/domain/instant.ts';
import type { SessionGatePolicy } from '../../../src/domain/policy/policy.ts';
import { blocking, gateSteps, plannedAt } from '../../support/gated.ts';
import { declared, type Story, scheduler, start } from '../../support/given.ts';

describe('a policy that changes', () => {
  const policyOf = (story: Story, more: Partial<SessionGatePolicy>): void => {
    story.policy = {
      ...story.policy,
      version: story.policy.version + 1,
      sessionGate: { ...story.policy.sessionGate, ...more },
    };
  };
  const replan = (story: Story, atMinute: number) =>
    story.do('replanIncident', {}, { by: scheduler, atMinute });

  it('switched on: what is over the time already blocks at once, what is not later', () => {
    const story = declared({ severity: 'SEV1' });
    policyOf(story, { enabled: true });
    replan(story, 119);
    expect([gateSteps(story), plannedAt(story)]).toEqual([[], 120]);
    const over = declared({ severity: 'SEV1' });
    policyOf(over, { enabled: true });
    expect(replan(over, 500)).not.toContain('SESSION_GATE_BLOCKED');
    expect(gateSteps(over)).toEqual(['SESSION_GATE_BLOCKED']);
    expect(over.administrationEvents[0]).toMatchObject({ policyVersion: 2, at: plusMinutes(start, 500) });
  });

  it.each<[string, Partial<SessionGatePolicy>, number | null]>([
    ['switched off', { enabled: false }, null],
    ['for other severities', { severities: ['SEV2'] }, null],
    ['after a longer time', { afterMinutes: 300 }, 300],
  ])('%s: released by SYSTEM', (_what, more, plannedThen) => {
    const story = blocking();
    policyOf(story, more);
    replan(story, 130);
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED', 'released: POLICY_CHANGED']);
    expect(story.administrationEvents[1]?.actor).toEqual(scheduler);
    expect(plannedAt(story)).toBe(plannedThen);
  });

  it('is heeded by the next command, before the re-planning comes', () => {
    const story = blocking();
    policyOf(story, { enabled: false });
    story.do('acknowledgeIncident', {}, { atMinute: 130 });
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED', 'released: POLICY_CHANGED']);
  });
});
