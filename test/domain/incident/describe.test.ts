import { expect, it } from 'vitest';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import type { IncidentEvent } from '../../../src/domain/incident/events.ts';
import { declared, inStatus, scheduler } from '../../support/given.ts';

const names = {
  actor: ({ kind, id }: { kind: string; id: string | null }) => id ?? kind,
  user: (id: string) => `user ${id}`,
  incident: (id: string) => `incident ${id}`,
  name: (kind: string) => `the ${kind.toLowerCase()}`,
};
const told = (events: readonly IncidentEvent[]) => events.map((event) => describeEvent(event, names));

it('tells a life from declaration to close', () => {
  const story = declared({ severity: 'SEV1' });
  story.do('fireDeadlines', {}, { by: scheduler, atMinute: 15 });
  story.do('acknowledgeIncident', { note: 'On it' });
  story.do('assignIncident', { userId: 'grace', ownerTeam: 'Payments' });
  story.do('assignIncidentRole', { role: 'COMMANDER', userId: 'ada' });
  story.do('recordRootCause', {
    summary: 'A bad deploy.',
    category: 'SYSTEM_DEFECT',
    remediationSteps: 'Roll back',
  });
  story.do('resolveIncident', { summary: 'Rolled\nback' });
  story.do('closeIncident', { lessonsLearned: 'Test', noFollowUpsBecause: 'All done' });
  expect(told(story.events)).toEqual([
    'key declared SEV1: Checkout is down.',
    'Escalated to the on-call engineer: nobody acknowledged it within 5 min.',
    'The acknowledge SLA is at risk: it is due at 2026-01-01T00:15:00.000Z.',
    'The acknowledge SLA is breached: it was due at 2026-01-01T00:15:00.000Z.',
    'ada acknowledged the incident: On it.',
    'ada assigned the incident to user grace and gave its ownership to the team.',
    'ada made user ada commander.',
    'ada recorded the root cause (SYSTEM_DEFECT): A bad deploy.',
    'ada resolved the incident: Rolled back.',
    'ada closed the incident without follow-ups: All done.',
  ]);
});

it('says why an incident resolved itself, and shortens what is long', () => {
  const story = declared();
  story.do('addIncidentNote', { message: '😀'.repeat(200) });
  for (const atMinute of [60, 120, 240, 1_440, 1_620, 1_680]) {
    story.do('fireDeadlines', {}, { by: scheduler, atMinute });
  }
  const sentences = told(story.events);
  expect(sentences[1]).toBe(`ada noted: ${'😀'.repeat(139)}…`);
  expect(sentences.at(-1)).toBe(
    'SYSTEM resolved the incident automatically because nothing happened any more.',
  );
});

it('does not fail on a type that only a newer instance knows', () => {
  const [event] = inStatus('REPORTED').events;
  const newer = { ...event, type: 'INCIDENT_OF_THE_FUTURE' } as unknown as IncidentEvent;
  expect(told([newer])).toEqual(['key: INCIDENT_OF_THE_FUTURE.']);
});
