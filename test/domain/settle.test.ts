import { describe, expect, it } from 'vitest';
import type { IncidentEvent } from '../../src/domain/incident/events.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { ada, declared, grace, inStatus, key, Story, scheduler, start } from '../support/given.ts';

/** What an event of the clocks says, short. */
function said(event: IncidentEvent): string {
  switch (event.type) {
    case 'INCIDENT_ESCALATED':
      return `${event.payload.rule} → ${event.payload.target}`;
    case 'INCIDENT_SLA_AT_RISK':
      return `${event.payload.kind} at risk`;
    case 'INCIDENT_SLA_BREACHED':
      return `${event.payload.kind} breached`;
    default:
      return event.type;
  }
}

function heard(story: Story): string[] {
  return story.events.map(said);
}

describe('timers', () => {
  it('tell the story of a SEV1 nobody looks at, each instant once', () => {
    const story = declared({ severity: 'SEV1' });
    const at: [number, string[]][] = [
      [4.99, []],
      [5, ['sev1-no-ack-5m → ON_CALL']],
      [5, []],
      [12, ['ACKNOWLEDGE at risk']],
      [15, ['ACKNOWLEDGE breached']],
      [60, ['no-ack-1h → ON_CALL']],
      [192, ['RESOLVE at risk']],
      [240, ['RESOLVE breached', 'no-ack-4h → SUPERVISOR']],
      [10_000, []],
    ];
    for (const [atMinute, expected] of at) {
      const before = story.events.length;
      story.do('fireDeadlines', {}, { by: scheduler, atMinute });
      expect(story.events.slice(before).map(said)).toEqual(expected);
    }
  });

  it('write what they know: rule, base, due time, level, severity; by SYSTEM, at the instant of the commit', () => {
    const story = declared({ severity: 'SEV2' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 11 });
    const event = story.events.at(-1);
    expect(event).toMatchObject({
      type: 'INCIDENT_ESCALATED',
      actor: { kind: 'SYSTEM', id: null, role: null },
      at: plusMinutes(start, 11),
      payload: {
        reason: 'NO_ACK',
        rule: 'sev2-no-ack-10m',
        afterMinutes: 10,
        base: start,
        dueAt: plusMinutes(start, 10),
        level: 0,
        target: 'SLACK',
        note: null,
        severity: 'SEV2',
      },
    });
  });

  it('that come early, or for what no longer is due, decide nothing', () => {
    const story = declared({ severity: 'SEV1' });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 4 })).toEqual([]);
    story.do('acknowledgeIncident', {}, { atMinute: 4 });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5 })).toEqual([]);
    expect(inStatus('RESOLVED').do('fireDeadlines', {}, { by: scheduler, atMinute: 99_999 })).toEqual([]);
  });
});

describe('a command settles first', () => {
  it('an acknowledgement after the instant follows the escalation', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('acknowledgeIncident', {}, { atMinute: 5 });
    expect(heard(story)).toEqual(['INCIDENT_CREATED', 'sev1-no-ack-5m → ON_CALL', 'INCIDENT_ACKNOWLEDGED']);
  });

  it('one before prevents it', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('acknowledgeIncident', {}, { atMinute: 4.999 });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 100 });
    expect(heard(story)).toEqual(['INCIDENT_CREATED', 'INCIDENT_ACKNOWLEDGED']);
  });

  it('a breach that passes also its at-risk writes both, in order; then the escalations by due time', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('acknowledgeIncident', {}, { atMinute: 300 });
    expect(heard(story)).toEqual([
      'INCIDENT_CREATED',
      'sev1-no-ack-5m → ON_CALL',
      'ACKNOWLEDGE at risk',
      'ACKNOWLEDGE breached',
      'no-ack-1h → ON_CALL',
      'RESOLVE at risk',
      'RESOLVE breached',
      'no-ack-4h → SUPERVISOR',
      'INCIDENT_ACKNOWLEDGED',
    ]);
    expect(story.incident.acknowledgeSla.metAt).toBeNull();
    expect(story.incident.escalationLevel).toBe(2);
  });

  it('a refused command writes nothing, not even what was due', () => {
    const story = declared({ severity: 'SEV1' });
    story.refusal('resolveIncident', { summary: 'Done' }, { atMinute: 300 });
    expect(story.events).toHaveLength(1);
  });

  it("a person's activity beats auto-resolve", () => {
    const story = inStatus('IDENTIFIED', { severity: 'SEV3' });
    expect(story.do('addIncidentNote', { message: 'Still on it' }, { atMinute: 5000 })).not.toContain(
      'INCIDENT_RESOLVED',
    );
    expect(story.incident.status).toBe('IDENTIFIED');
  });
});

describe('what is due at once', () => {
  it('a backdated declaration whose SLA is past breaches with it', () => {
    const story = new Story();
    const detectedAt = plusMinutes(start, -20);
    story.do('declareIncident', { title: 'Down', severity: 'SEV1', detectedAt }, { by: key });
    expect(heard(story)).toEqual(['INCIDENT_CREATED', 'ACKNOWLEDGE at risk', 'ACKNOWLEDGE breached']);
    expect(story.events[1]?.payload).toEqual({
      kind: 'ACKNOWLEDGE',
      atRiskAt: plusMinutes(detectedAt, 12),
      dueAt: plusMinutes(detectedAt, 15),
    });
  });

  it('a severity raised to SEV1 escalates at once and breaches what is past under it', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('changeIncidentSeverity', { severity: 'SEV1', reason: 'Worse' }, { by: grace, atMinute: 20 });
    expect(heard(story)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_SEVERITY_CHANGED',
      'sev1-no-ack-5m → ON_CALL',
      'ACKNOWLEDGE at risk',
      'ACKNOWLEDGE breached',
      'severity-raised → ON_CALL',
    ]);
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 21 });
    expect(story.events).toHaveLength(6);
  });

  it('each raise escalates again', () => {
    const story = declared({ severity: 'SEV3' });
    for (const [severity, atMinute] of [
      ['SEV2', 1],
      ['SEV3', 2],
      ['SEV2', 3],
    ] as const) {
      story.do('changeIncidentSeverity', { severity, reason: 'So' }, { by: grace, atMinute });
    }
    expect(heard(story).filter((one) => one.startsWith('severity-raised'))).toHaveLength(2);
  });
});

describe('auto-resolution', () => {
  it('warns, then resolves past the gates, and the acknowledge SLA ends neither met nor breached', () => {
    const policy = { escalationRules: [], sla: { ...defaultPolicy.sla } };
    const slow = { acknowledgeWithinMinutes: 9000, resolveWithinMinutes: 9000, atRiskPercent: 80 };
    const story = declared({ severity: 'SEV4' }, { ...policy, sla: { ...policy.sla, SEV4: slow } });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 1380 })).toEqual([
      'INCIDENT_AUTO_RESOLVE_WARNED',
    ]);
    expect(story.events.at(-1)?.payload).toEqual({ resolvesAt: plusMinutes(start, 1440) });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 1439 })).toEqual([]);
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 1440 })).toEqual(['INCIDENT_RESOLVED']);
    expect(story.events.at(-1)?.payload).toMatchObject({ automatic: true, because: 'STALE', followUps: [] });
    const { acknowledgeSla, acknowledgement, status } = story.incident;
    expect(status).toBe('RESOLVED');
    expect(acknowledgement).toBeNull();
    expect(acknowledgeSla).toMatchObject({ metAt: null, breachedAt: null });
    expect(acknowledgeSla.endedAt).not.toBeNull();
  });

  it('due together, after a long stop: escalations count as activity and come first', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5000 });
    expect(heard(story)).toEqual([
      'INCIDENT_CREATED',
      'no-ack-1h → ON_CALL',
      'ACKNOWLEDGE at risk',
      'ACKNOWLEDGE breached',
      'no-ack-4h → SUPERVISOR',
      'RESOLVE at risk',
      'RESOLVE breached',
    ]);
    expect(story.incident.status).toBe('REPORTED');
  });

  it('warning and resolution both past: both, in order', () => {
    const story = inStatus('IDENTIFIED', { severity: 'SEV4' });
    story.do('addIncidentNote', { message: 'The last word' }, { by: ada });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 4000 })).toEqual([
      'INCIDENT_SLA_AT_RISK',
      'INCIDENT_AUTO_RESOLVE_WARNED',
      'INCIDENT_RESOLVED',
    ]);
  });
});
