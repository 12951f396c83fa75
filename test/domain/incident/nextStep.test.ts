import { expect, it } from 'vitest';
import { nextStep } from '../../../src/domain/incident/nextStep.ts';
import type { IncidentStatus, WorkflowStep } from '../../../src/domain/incident/vocabulary.ts';
import { declared, inStatus, scheduler } from '../../support/given.ts';

const steps: Record<IncidentStatus, WorkflowStep | null> = {
  REPORTED: 'ACKNOWLEDGE',
  ACKNOWLEDGED: 'RECORD_ROOT_CAUSE',
  INVESTIGATING: 'RECORD_ROOT_CAUSE',
  IDENTIFIED: 'RESOLVE',
  MITIGATED: 'RESOLVE',
  RESOLVED: 'RECORD_LESSONS',
  CLOSED: null,
  CANCELLED: null,
};

it.each(Object.entries(steps) as [IncidentStatus, WorkflowStep | null][])(
  '%s asks for %s',
  (status, step) => {
    const { incident, policy } = inStatus(status);
    expect(nextStep(incident, policy)).toBe(step);
  },
);

it('asks for the verification where the policy does', () => {
  const { incident, policy } = inStatus(
    'IDENTIFIED',
    {},
    {
      workflowGates: [{ gate: 'ROOT_CAUSE_VERIFIED', severities: null, required: true }],
    },
  );
  expect(nextStep(incident, policy)).toBe('VERIFY_ROOT_CAUSE');
});

it('asks to close once lessons and follow-ups are there', () => {
  const story = inStatus('IDENTIFIED');
  story.do('resolveIncident', { summary: 'Fixed', lessonsLearned: 'Test', followUps: ['Test'] });
  expect(nextStep(story.incident, story.policy)).toBe('CLOSE');
});

it('skips the root cause where the policy does not ask for one', () => {
  const { incident, policy } = inStatus(
    'ACKNOWLEDGED',
    {},
    {
      workflowGates: [{ gate: 'ROOT_CAUSE', severities: null, required: false }],
    },
  );
  expect(nextStep(incident, policy)).toBe('RESOLVE');
});

it('still asks for the acknowledgement of what resolved itself', () => {
  const story = declared();
  story.do('resolveIncident', { summary: 'Silent' }, { by: scheduler });
  expect(nextStep(story.incident, story.policy)).toBe('ACKNOWLEDGE');
});
