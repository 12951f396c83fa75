import { describe, expect, it } from 'vitest';
import { declared, key, Story, start } from '../../support/given.ts';

describe('declaring', () => {
  it('starts REPORTED, with its SLAs counting from detection', () => {
    const story = declared({ detectedAt: '2025-12-31T23:50:00.000Z', severity: 'SEV1' });
    expect(story.incident).toMatchObject({
      status: 'REPORTED',
      version: 1,
      reportedBy: key,
      reportedAt: start,
      detectedAt: '2025-12-31T23:50:00.000Z',
      source: 'manual',
      mode: 'STANDARD',
      acknowledgeSla: { from: '2025-12-31T23:50:00.000Z', metAt: null },
    });
  });

  it('breaches at once what a backdated detection leaves behind, at risk before breach', () => {
    const story = declared({ detectedAt: '2025-12-31T23:00:00.000Z', severity: 'SEV1' });
    expect(story.events.map((event) => [event.type, event.actor.kind])).toEqual([
      ['INCIDENT_CREATED', 'API_KEY'],
      ['INCIDENT_SLA_AT_RISK', 'SYSTEM'],
      ['INCIDENT_SLA_BREACHED', 'SYSTEM'],
    ]);
  });

  it('makes a name once, however often it is used, and knows it afterwards without regard to case', () => {
    const story = declared({ service: 'Checkout', project: 'Shop', ownerTeam: 'Payments' });
    const [created] = story.events;
    expect(created?.type === 'INCIDENT_CREATED' && created.payload.names).toHaveLength(3);
    story.do('updateIncident', { service: null });
    story.do('updateIncident', { service: ' checkout ' });
    const last = story.events.at(-1);
    expect(last?.type === 'INCIDENT_UPDATED' && last.payload.names).toBeUndefined();
    story.do('setAffectedServices', {
      services: [
        { name: 'CHECKOUT', impact: 'DEGRADED' },
        { name: 'search', impact: 'TOTAL_OUTAGE' },
      ],
    });
    const set = story.events.at(-1);
    expect(set?.type === 'INCIDENT_AFFECTED_SERVICES_SET' && set.payload.names).toMatchObject([
      { kind: 'SERVICE', name: 'search' },
    ]);
    expect(story.incident.affectedServices[0]?.serviceId).toBe(story.incident.serviceId);
  });

  it('takes waiting signals with it, and names those it cannot take', () => {
    const story = new Story();
    story.signals.set('waiting', null);
    story.signals.set('taken', 'another incident');
    const input = { title: 'Down', severity: 'SEV3' } as const;
    const problems = story.problems('declareIncident', {
      ...input,
      signalIds: ['waiting', 'taken', 'unknown'],
    });
    expect(problems).toEqual(['signalIds.1', 'signalIds.2']);
    story.do('declareIncident', { ...input, signalIds: ['waiting'] });
    expect(story.incident).toMatchObject({ signalCount: 1, primarySignalId: 'waiting', openSignalCount: 0 });
  });
});
