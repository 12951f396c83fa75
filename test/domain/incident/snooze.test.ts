import { describe, expect, it } from 'vitest';
import { escalationPreview } from '../../../src/domain/escalation/escalationPreview.ts';
import { deadlinesOf } from '../../../src/domain/incident/deadlines.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import { millisecondsBetween, plusMinutes } from '../../../src/domain/instant.ts';
import {
  alertmanager,
  declared,
  grace,
  inStatus,
  type Story,
  scheduler,
  start,
} from '../../support/given.ts';

const minute = (minutes: number) => plusMinutes(start, minutes);

/** The deadlines that count for want of an acknowledgement, and the SLAs, at minutes after the start. */
function planned(story: Story): string[] {
  return deadlinesOf(story.incident, story.policy)
    .filter(({ kind }) => !kind.startsWith('AUTO_RESOLVE'))
    .map(({ kind, key, dueAt }) => `${millisecondsBetween(start, dueAt) / 60_000} ${key || kind}`);
}

function snoozed(until: number, severity: 'SEV1' | 'SEV3' = 'SEV1'): Story {
  const story = declared({ severity });
  story.do('snoozeIncident', { until: minute(until), reason: 'Known' }, { atMinute: 1 });
  return story;
}

function said(story: Story): string | undefined {
  const names = { actor: () => 'Ada', user: () => '', incident: () => '', name: () => '' };
  const event = story.events.at(-1);
  return event && describeEvent(event, names);
}

describe('a snooze', () => {
  it('holds what counts for want of an acknowledgement until then, and nothing else', () => {
    expect(planned(snoozed(90))).toEqual([
      '12 ACKNOWLEDGE_SLA_AT_RISK',
      '15 ACKNOWLEDGE_SLA',
      '90 sev1-no-ack-5m',
      '90 no-ack-1h',
      '192 RESOLVE_SLA_AT_RISK',
      '240 RESOLVE_SLA',
      '240 no-ack-4h',
    ]);
  });

  it('fires them once it is over, each once, from the base they count from', () => {
    const story = snoozed(90);
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 89 });
    expect(story.events.filter(({ type }) => type === 'INCIDENT_ESCALATED')).toEqual([]);
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 90 });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 91 });
    const fired = story.events.flatMap((event) =>
      event.type === 'INCIDENT_ESCALATED' ? [event.payload] : [],
    );
    expect(fired.map(({ rule, base, dueAt }) => ({ rule, base, dueAt }))).toEqual([
      { rule: 'sev1-no-ack-5m', base: start, dueAt: minute(90) },
      { rule: 'no-ack-1h', base: start, dueAt: minute(90) },
    ]);
  });

  it('does not take back what has fired', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('snoozeIncident', { until: minute(90) }, { atMinute: 5 });
    expect(story.events.map(({ type }) => type)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_ESCALATED',
      'INCIDENT_SNOOZED',
    ]);
    expect(planned(story)).not.toContain('90 sev1-no-ack-5m');
  });

  it('is replaced by the next one, ended by an instant that is not ahead, and said in words', () => {
    const story = snoozed(90);
    expect(said(story)).toBe(`Ada snoozed the incident until ${minute(90)}: Known.`);
    story.do('snoozeIncident', { until: minute(30) }, { atMinute: 2 });
    expect(story.incident.snoozedUntil).toBe(minute(30));
    story.do('snoozeIncident', { until: minute(0), reason: 'It got worse' }, { atMinute: 4 });
    expect(story.events.at(-1)?.payload).toEqual({ until: minute(4), reason: 'It got worse' });
    expect(said(story)).toBe('Ada ended the snooze: It got worse.');
    expect(story.incident.snoozedUntil).toBeNull();
    expect(planned(story)[0]).toBe('5 sev1-no-ack-5m');
  });

  it('ended late fires what was held at once, in the same commit', () => {
    const story = snoozed(90);
    expect(story.do('snoozeIncident', { until: minute(0) }, { atMinute: 70 })).toEqual([
      'INCIDENT_SLA_AT_RISK',
      'INCIDENT_SLA_BREACHED',
      'INCIDENT_SNOOZED',
      'INCIDENT_ESCALATED',
      'INCIDENT_ESCALATED',
    ]);
  });

  it('that is already so, or ends what is over, is no event', () => {
    const story = snoozed(3);
    expect(story.do('snoozeIncident', { until: minute(3) }, { atMinute: 2 })).toEqual([]);
    const awake = declared();
    expect(awake.do('snoozeIncident', { until: minute(0) }, { atMinute: 2 })).toEqual([]);
    const over = snoozed(3, 'SEV3');
    expect(over.do('snoozeIncident', { until: minute(0) }, { atMinute: 10 })).toEqual([]);
  });

  it('ends with an acknowledgement, so that giving it back counts from then', () => {
    const story = snoozed(90);
    story.do('acknowledgeIncident', {}, { atMinute: 2 });
    expect(story.incident.snoozedUntil).toBeNull();
    story.do('unacknowledgeIncident', {}, { atMinute: 10 });
    expect(planned(story)).toContain('15 sev1-no-ack-5m');
  });

  it('of one that somebody has holds what begins when it is given back', () => {
    const story = inStatus('ACKNOWLEDGED', { severity: 'SEV1' });
    story.do('snoozeIncident', { until: minute(60) });
    story.do('unacknowledgeIncident', {}, { atMinute: 10 });
    expect(planned(story)).toContain('60 sev1-no-ack-5m');
  });

  it('ends when the incident does', () => {
    const resolved = snoozed(600, 'SEV3');
    resolved.do('resolveIncident', { summary: 'Over' }, { by: alertmanager, atMinute: 3 });
    expect(resolved.incident).toMatchObject({ status: 'RESOLVED', snoozedUntil: null });
    const cancelled = snoozed(600, 'SEV3');
    cancelled.do('cancelIncident', { reason: 'No' }, { by: grace, atMinute: 3 });
    expect(cancelled.incident.snoozedUntil).toBeNull();
  });

  it('does not hold the session gate', () => {
    const sessionGate = { enabled: true, afterMinutes: 30, severities: ['SEV1' as const] };
    const story = declared({ severity: 'SEV1' }, { sessionGate });
    story.do('snoozeIncident', { until: minute(90) }, { atMinute: 1 });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 30 });
    expect(story.gateBlockedAt).toBe(minute(30));
  });

  it('shows in a preview of what escalates', () => {
    const { incident, policy } = snoozed(90);
    const question = { severity: incident.severity, from: minute(1), state: incident };
    const [first] = escalationPreview(policy.escalationRules, question);
    expect(first).toMatchObject({ rule: 'sev1-no-ack-5m', dueAt: minute(90) });
    expect(first?.why).toContain(`It is snoozed until ${minute(90)}.`);
  });

  it('names what is not acceptable', () => {
    const story = declared();
    const input = { until: minute(30 * 24 * 60 + 10), reason: 'x'.repeat(1_001) };
    expect(story.problems('snoozeIncident', input, { atMinute: 1 })).toEqual(['reason', 'until']);
    expect(story.problems('snoozeIncident', { until: 'later' })).toEqual(['until']);
  });
});
