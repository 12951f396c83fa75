import type { EscalationTargetKind } from '../incident/vocabulary.ts';

const levels = { ON_CALL: 1, SUPERVISOR: 2, DIRECTOR: 3 } as const satisfies Partial<
  Record<EscalationTargetKind, number>
>;

/**
 * How far up an escalation to `target` goes: on-call 1, supervisor 2, director 3. Slack goes to no one in
 * particular, so it keeps `current`, the level the incident is at.
 */
export function levelOf(target: EscalationTargetKind, current: number): number {
  return target === 'SLACK' ? current : levels[target];
}
