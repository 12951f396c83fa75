import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { alertmanager, declared, grace, inStatus, rootCause, scheduler } from '../../support/given.ts';

const gates = (...required: Policy['workflowGates']): Partial<Policy> => ({ workflowGates: required });

describe('gates', () => {
  it('ask for the acknowledgement before a root cause', () => {
    expect(declared().refusal('recordRootCause', rootCause)).toMatchObject({ missing: ['ACKNOWLEDGEMENT'] });
  });

  it('name everything missing before a person resolves', () => {
    expect(declared().refusal('resolveIncident', { summary: 'Done' })).toMatchObject({
      status: 'REPORTED',
      missing: ['ACKNOWLEDGEMENT', 'ROOT_CAUSE'],
    });
  });

  it('let only SYSTEM and INTEGRATION resolve past them, marked automatic', () => {
    const story = declared();
    story.do('resolveIncident', { summary: 'Cleared' }, { by: alertmanager });
    expect(story.incident.resolution).toMatchObject({ automatic: true, resolvedBy: alertmanager });
    expect(inStatus('RESOLVED').incident.resolution).toMatchObject({ automatic: false });
  });

  it('let an integration resolve only the severities of resolveOnClear, and only when nothing fires', () => {
    const severe = declared({ severity: 'SEV2' });
    expect(severe.do('resolveIncident', { summary: 'Cleared' }, { by: alertmanager })).toEqual([]);
    expect(severe.incident.status).toBe('REPORTED');
  });

  it.each([grace, scheduler, alertmanager])(
    'let nobody close without lessons and follow-ups: $kind',
    (by) => {
      const story = inStatus('RESOLVED');
      expect(story.refusal('closeIncident', {}, { by })).toMatchObject({
        missing: ['LESSONS_LEARNED', 'FOLLOW_UPS'],
      });
      expect(story.refusal('closeIncident', { followUps: ['Test'] }, { by })).toMatchObject({
        missing: ['LESSONS_LEARNED'],
      });
    },
  );

  it('accept lessons and follow-ups from the resolution, or why there are none', () => {
    const story = inStatus('IDENTIFIED');
    story.do('resolveIncident', { summary: 'Done', lessonsLearned: 'Test', followUps: ['Test it'] });
    expect(story.problems('closeIncident', { noFollowUpsBecause: 'None' })).toEqual(['noFollowUpsBecause']);
    story.do('closeIncident', { followUps: ['Document it'] });
    expect(story.incident.resolution).toMatchObject({
      lessonsLearned: 'Test',
      followUps: [{ description: 'Test it' }, { description: 'Document it' }],
    });
  });

  it('can be switched per severity, the last rule that names both winning', () => {
    const policy = gates(
      { gate: 'ROOT_CAUSE', severities: null, required: false },
      { gate: 'ACKNOWLEDGEMENT', severities: null, required: false },
      { gate: 'ROOT_CAUSE', severities: ['SEV1'], required: true },
      { gate: 'ROOT_CAUSE_VERIFIED', severities: ['SEV2'], required: true },
    );
    expect(declared({}, policy).when('resolveIncident', { summary: 'Done' }).ok).toBe(true);
    expect(
      declared({ severity: 'SEV1' }, policy).refusal('resolveIncident', { summary: 'Done' }),
    ).toMatchObject({
      missing: ['ROOT_CAUSE'],
    });
    const verified = declared({ severity: 'SEV2' }, policy);
    verified.do('recordRootCause', rootCause);
    expect(verified.incident.status).toBe('IDENTIFIED');
    expect(verified.refusal('resolveIncident', { summary: 'Done' })).toMatchObject({
      missing: ['ROOT_CAUSE_VERIFIED'],
    });
    verified.do('verifyRootCause', {});
    expect(verified.do('verifyRootCause', {})).toEqual([]);
    expect(verified.when('resolveIncident', { summary: 'Done' }).ok).toBe(true);
  });
});

describe('the root cause', () => {
  it('is superseded by a second one, unverified again; the first stays in the ledger', () => {
    const story = inStatus('MITIGATED');
    story.do('verifyRootCause', {});
    expect(story.do('recordRootCause', rootCause)).toEqual([]);
    story.do('recordRootCause', { ...rootCause, summary: 'The cache' }, { by: grace });
    expect(story.incident).toMatchObject({
      status: 'MITIGATED',
      rootCause: { summary: 'The cache', identifiedBy: grace, verifiedAt: null },
    });
    expect(story.events.filter((event) => event.type === 'INCIDENT_ROOT_CAUSE_RECORDED')).toHaveLength(2);
  });
});
