import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import type { Policy, SessionGatePolicy } from '../../src/domain/policy/policy.ts';
import { ada, declared, type Story, scheduler, start } from './given.ts';

/** Minutes after which a SEV1 of {@link gated} begins to block. */
export const minutes = 120;

/** A policy whose session gate is on; `more` replaces parts of it. */
export function gated(more: Partial<SessionGatePolicy> = {}): Partial<Policy> {
  return { sessionGate: { enabled: true, afterMinutes: minutes, severities: ['SEV1'], ...more } };
}

/** What went into the administration ledger, short. */
export function gateSteps(story: Story): string[] {
  return story.administrationEvents.map((event) =>
    event.type === 'SESSION_GATE_RELEASED' ? `released: ${event.payload.reason}` : event.type,
  );
}

/** When it will begin to block, in minutes after the start; null when nothing is planned. */
export function plannedAt(story: Story): number | null {
  const deadline = deadlinesOf(story.incident, story.policy, story.gateBlockedAt).find(
    ({ kind }) => kind === 'SESSION_GATE',
  );
  return deadline === undefined ? null : (Date.parse(deadline.dueAt) - Date.parse(start)) / 60_000;
}

/** A SEV1 that has blocked since it came due, untouched. */
export function blocking(): Story {
  const story = declared({ severity: 'SEV1', tags: ['web'] }, gated());
  story.do('linkIncidentTicket', { url: 'https://tickets.example/2', key: null }, { by: ada });
  story.do('fireDeadlines', {}, { by: scheduler, atMinute: minutes });
  return story;
}
