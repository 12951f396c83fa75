import { describe, expect, it } from 'vitest';
import {
  ada,
  alertmanager,
  declared,
  grace,
  inStatus,
  Story,
  scheduler,
  start,
} from '../../support/given.ts';

describe('acknowledging', () => {
  it('keeps who, why and how severe it was, for ever', () => {
    const story = declared({ severity: 'SEV2' });
    story.do('acknowledgeIncident', { note: 'Mine' }, { atMinute: 5 });
    const expected = { actor: ada, at: '2026-01-01T00:05:00.000Z', note: 'Mine', severity: 'SEV2' };
    expect(story.incident.acknowledgement).toEqual(expected);
    expect(story.incident.acknowledgeSla.metAt).toBe(expected.at);
    story.do('unacknowledgeIncident', {});
    story.do('acknowledgeIncident', {}, { by: grace });
    expect(story.incident.firstAcknowledgement).toEqual(expected);
    expect(story.incident.acknowledgement?.actor).toEqual(grace);
  });

  it('tells another person who has it, and changes nothing for the same person or an integration', () => {
    const story = inStatus('ACKNOWLEDGED');
    expect(story.refusal('acknowledgeIncident', {}, { by: grace })).toMatchObject({
      code: 'ALREADY_ACKNOWLEDGED',
      status: 'ACKNOWLEDGED',
      actor: ada,
      at: story.incident.acknowledgement?.at,
    });
    expect(story.do('acknowledgeIncident', {}, { by: ada })).toEqual([]);
    expect(story.do('acknowledgeIncident', {}, { by: alertmanager })).toEqual([]);
    expect(story.do('acknowledgeIncident', {}, { by: scheduler })).toEqual([]);
  });

  it('does not take a person and an API key of the same id for the same', () => {
    const story = inStatus('ACKNOWLEDGED');
    const imposter = { kind: 'API_KEY', id: 'ada', role: 'ORG_ADMIN' } as const;
    expect(story.refusal('acknowledgeIncident', {}, { by: imposter }).code).toBe('ALREADY_ACKNOWLEDGED');
  });

  it('after the breach does not meet the SLA: the breach is written first', () => {
    const story = declared({ severity: 'SEV1' });
    const types = story.do('acknowledgeIncident', {}, { atMinute: 15 });
    expect(types).toEqual([
      'INCIDENT_ESCALATED',
      'INCIDENT_SLA_AT_RISK',
      'INCIDENT_SLA_BREACHED',
      'INCIDENT_ACKNOWLEDGED',
    ]);
    expect(story.incident.acknowledgeSla).toMatchObject({
      metAt: null,
      breachedAt: '2026-01-01T00:15:00.000Z',
    });
  });

  it('records an acknowledgement on a reopened incident nobody had, and its status stays', () => {
    const story = declared();
    story.do('resolveIncident', { summary: 'Silent' }, { by: scheduler });
    expect(story.incident.acknowledgeSla).toMatchObject({ metAt: null, breachedAt: null });
    expect(story.incident.acknowledgeSla.endedAt).toBe(story.incident.resolvedAt);
    story.do('acknowledgeIncident', {});
    expect(story.incident).toMatchObject({ status: 'RESOLVED', acknowledgement: { actor: ada } });
    expect(story.incident.acknowledgeSla.metAt).toBeNull();
  });

  it('needs a note from people where the policy says so', () => {
    const story = declared({}, { acknowledgeNoteRequired: true });
    expect(story.problems('acknowledgeIncident', { note: '  ' })).toEqual(['note']);
    expect(story.problems('changeIncidentStatus', { status: 'INVESTIGATING' })).toEqual(['message']);
    expect(story.when('acknowledgeIncident', {}, { by: alertmanager }).ok).toBe(true);
    story.do('changeIncidentStatus', { status: 'INVESTIGATING', message: 'On it' });
    expect(story.incident.acknowledgement?.note).toBe('On it');
  });
});

describe('unacknowledging', () => {
  it('makes it REPORTED again: NO_ACK counts anew, the acknowledge SLA does not', () => {
    const story = declared({ severity: 'SEV1' });
    expect(story.do('acknowledgeIncident', {}, { atMinute: 6 })[0]).toBe('INCIDENT_ESCALATED');
    expect(story.incident.firedRules).toHaveLength(1);
    story.do('unacknowledgeIncident', { reason: 'Not mine' }, { atMinute: 10 });
    expect(story.incident).toMatchObject({
      status: 'REPORTED',
      acknowledgement: null,
      unacknowledgedAt: '2026-01-01T00:10:00.000Z',
      firedRules: [],
      acknowledgeSla: { metAt: '2026-01-01T00:06:00.000Z' },
    });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 14 })).toEqual([]);
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 15 })).toEqual(['INCIDENT_ESCALATED']);
  });
});

describe('changing the status', () => {
  it('to ACKNOWLEDGED loses nothing of its message: it must fit the note', () => {
    const story = declared();
    const changing = (message: string) => ({ status: 'ACKNOWLEDGED', message }) as const;
    expect(story.refusal('changeIncidentStatus', changing('x'.repeat(1_001)))).toMatchObject({
      kind: 'ValidationError',
      fields: [{ path: ['message'] }],
    });
    story.do('changeIncidentStatus', changing('x'.repeat(1_000)));
    expect(story.incident.acknowledgement?.note).toHaveLength(1_000);
  });

  it('of a REPORTED incident acknowledges it in the same commit', () => {
    const story = declared();
    story.do('changeIncidentStatus', { status: 'MITIGATED', message: 'Rolled back', isPublic: true });
    const [, acknowledged, changed] = story.events;
    expect(acknowledged).toMatchObject({
      statusBefore: 'REPORTED',
      statusAfter: 'ACKNOWLEDGED',
      isPublic: false,
    });
    expect(changed).toMatchObject({ statusBefore: 'ACKNOWLEDGED', statusAfter: 'MITIGATED', isPublic: true });
    expect(acknowledged?.commandId).toBe(changed?.commandId);
    expect(story.incident.mitigatedAt).toBe(changed?.at);
  });

  it('back from IDENTIFIED or MITIGATED needs a message', () => {
    const story = inStatus('MITIGATED');
    expect(story.problems('changeIncidentStatus', { status: 'INVESTIGATING' })).toEqual(['message']);
    story.do('changeIncidentStatus', { status: 'INVESTIGATING', message: 'It is back' });
    expect(story.incident).toMatchObject({ status: 'INVESTIGATING', mitigatedAt: null });
    expect(story.do('changeIncidentStatus', { status: 'IDENTIFIED' })).toEqual(['INCIDENT_STATUS_CHANGED']);
  });

  it('to IDENTIFIED from MITIGATED needs a root cause too', () => {
    const story = declared();
    story.do('changeIncidentStatus', { status: 'MITIGATED' });
    expect(story.refusal('changeIncidentStatus', { status: 'IDENTIFIED', message: 'Found' })).toMatchObject({
      missing: ['ROOT_CAUSE'],
    });
  });

  it.each([
    ['RESOLVED', 'resolveIncident'],
    ['CLOSED', 'closeIncident'],
    ['CANCELLED', 'cancelIncident'],
  ] as const)('to %s names the right mutation', (status, mutation) => {
    const refusal = declared().refusal('changeIncidentStatus', { status });
    expect(refusal).toMatchObject({ kind: 'ValidationError', fields: [{ path: ['status'] }] });
    expect(refusal.message).toContain(mutation);
  });
});

describe('refused transitions', () => {
  it('name the current status and what is allowed', () => {
    expect(inStatus('RESOLVED').refusal('cancelIncident', { reason: 'No' })).toMatchObject({
      kind: 'InvalidTransitionError',
      status: 'RESOLVED',
      allowedStatuses: ['INVESTIGATING', 'CLOSED'],
    });
    expect(inStatus('CLOSED').refusal('reopenIncident', { reason: 'No' })).toMatchObject({
      status: 'CLOSED',
      allowedStatuses: [],
    });
  });

  it('of an unknown incident are NotFoundErrors', () => {
    expect(new Story().refusal('acknowledgeIncident', {})).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('reopening', () => {
  it('keeps acknowledgement and root cause, and re-arms the resolve SLA', () => {
    const story = inStatus('RESOLVED');
    const { acknowledgement, rootCause: found } = story.incident;
    expect(story.incident.resolveSla.metAt).toBe(story.incident.resolvedAt);
    story.do('reopenIncident', { reason: 'It is back' }, { atMinute: 100 });
    expect(story.incident).toMatchObject({
      status: 'INVESTIGATING',
      acknowledgement,
      rootCause: found,
      resolution: null,
      resolvedAt: null,
      reopenedAt: '2026-01-01T01:40:00.000Z',
      resolveSla: { from: '2026-01-01T01:40:00.000Z', metAt: null, endedAt: null },
    });
  });

  it('without an acknowledgement counts NO_ACK from the reopening', () => {
    const story = declared();
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 60 });
    expect(story.incident.firedRules).toHaveLength(1);
    story.do('resolveIncident', { summary: 'Silent' }, { by: scheduler, atMinute: 61 });
    story.do('reopenIncident', { reason: 'Back' }, { atMinute: 70 });
    expect(story.incident.firedRules).toEqual([]);
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 129 })).toEqual([]);
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 130 })).toEqual(['INCIDENT_ESCALATED']);
  });
});

describe('cancelling', () => {
  it('ends both SLAs neither met nor breached', () => {
    const story = inStatus('CANCELLED');
    const { acknowledgeSla, resolveSla, cancelledAt } = story.incident;
    for (const sla of [acknowledgeSla, resolveSla]) {
      expect(sla).toMatchObject({ metAt: null, breachedAt: null, endedAt: cancelledAt });
    }
  });
});

describe('the severity', () => {
  it('keeps the bases of the SLAs; one already past breaches at once', () => {
    const story = declared({ severity: 'SEV4' });
    const types = story.do('changeIncidentSeverity', { severity: 'SEV1', reason: 'Worse' }, { atMinute: 20 });
    expect(types).toEqual([
      'INCIDENT_SEVERITY_CHANGED',
      'INCIDENT_ESCALATED',
      'INCIDENT_SLA_AT_RISK',
      'INCIDENT_SLA_BREACHED',
      'INCIDENT_ESCALATED',
    ]);
    expect(story.incident).toMatchObject({
      severityRaisedAt: '2026-01-01T00:20:00.000Z',
      acknowledgeSla: { from: start, breachedAt: '2026-01-01T00:20:00.000Z' },
    });
  });

  it('lowered allows more time: the SLA will be at risk anew', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 12 });
    expect(story.incident.acknowledgeSla.atRiskNotedAt).not.toBeNull();
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'Milder' }, { atMinute: 13 });
    expect(story.incident.acknowledgeSla.atRiskNotedAt).toBeNull();
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 384 })).toContain('INCIDENT_SLA_AT_RISK');
  });

  it('is raised by an integration, never lowered', () => {
    const story = declared({ severity: 'SEV3' });
    const lower = { severity: 'SEV4', reason: 'Label' } as const;
    expect(story.do('changeIncidentSeverity', lower, { by: alertmanager })).toEqual([]);
    const higher = { severity: 'SEV2', reason: 'Label' } as const;
    expect(story.do('changeIncidentSeverity', higher, { by: alertmanager })[0]).toBe(
      'INCIDENT_SEVERITY_CHANGED',
    );
  });

  it('needs a reason, and the same severity changes nothing', () => {
    const story = declared({ severity: 'SEV3' });
    expect(story.problems('changeIncidentSeverity', { severity: 'SEV4', reason: ' ' })).toEqual(['reason']);
    expect(story.do('changeIncidentSeverity', { severity: 'SEV3', reason: 'Same' })).toEqual([]);
  });
});
