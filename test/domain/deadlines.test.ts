import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { type IncidentSeverity, severities } from '../../src/domain/incident/vocabulary.ts';
import { type Instant, millisecondsBetween, plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { EscalationRule, Policy } from '../../src/domain/policy/policy.ts';
import { alertmanager, declared, grace, inStatus, type Story, scheduler, start } from '../support/given.ts';

/** `kind` or `kind key` at minutes after the start. */
function planned(state: IncidentState, policy: Policy = defaultPolicy): string[] {
  return deadlinesOf(state, policy).map(
    ({ kind, key, dueAt }) => `${minutesOf(dueAt)} ${key === '' ? kind : key}`,
  );
}

function minutesOf(at: Instant): number {
  return millisecondsBetween(start, at) / 60_000;
}

function kindsOf(story: Story): string[] {
  return deadlinesOf(story.incident, story.policy).map(({ kind, key }) => key || kind);
}

const firing = { type: 'ALERT', source: 'alertmanager', summary: 'Down', fingerprint: 'f1' } as const;

describe('what is planned for a new incident', () => {
  const table: Record<IncidentSeverity, string[]> = {
    SEV1: [
      '5 sev1-no-ack-5m',
      '12 ACKNOWLEDGE_SLA_AT_RISK',
      '15 ACKNOWLEDGE_SLA',
      '60 no-ack-1h',
      '192 RESOLVE_SLA_AT_RISK',
      '240 RESOLVE_SLA',
      '240 no-ack-4h',
    ],
    SEV2: [
      '10 sev2-no-ack-10m',
      '24 ACKNOWLEDGE_SLA_AT_RISK',
      '30 ACKNOWLEDGE_SLA',
      '60 no-ack-1h',
      '240 no-ack-4h',
      '384 RESOLVE_SLA_AT_RISK',
      '480 RESOLVE_SLA',
    ],
    SEV3: [
      '60 no-ack-1h',
      '96 ACKNOWLEDGE_SLA_AT_RISK',
      '120 ACKNOWLEDGE_SLA',
      '240 no-ack-4h',
      '1152 RESOLVE_SLA_AT_RISK',
      '1380 AUTO_RESOLVE_WARNING',
      '1440 RESOLVE_SLA',
      '1440 AUTO_RESOLVE',
    ],
    SEV4: [
      '60 no-ack-1h',
      '240 no-ack-4h',
      '384 ACKNOWLEDGE_SLA_AT_RISK',
      '480 ACKNOWLEDGE_SLA',
      '1380 AUTO_RESOLVE_WARNING',
      '1440 AUTO_RESOLVE',
      '3456 RESOLVE_SLA_AT_RISK',
      '4320 RESOLVE_SLA',
    ],
  };
  it.each(severities)('%s', (severity) => {
    expect(planned(declared({ severity }).incident)).toEqual(table[severity]);
  });

  it('a drill has them too', () => {
    expect(planned(declared({ severity: 'SEV1', mode: 'DRILL' }).incident)).toEqual(table.SEV1);
  });

  it('SLAs count from detectedAt, escalations from the report', () => {
    const story = declared({ severity: 'SEV1', detectedAt: plusMinutes(start, -3) });
    expect(planned(story.incident).slice(0, 3)).toEqual([
      '5 sev1-no-ack-5m',
      '9 ACKNOWLEDGE_SLA_AT_RISK',
      '12 ACKNOWLEDGE_SLA',
    ]);
  });
});

describe('what ends a clock', () => {
  it('acknowledgement ends the acknowledge SLA and NO_ACK, and starts NO_ROOT_CAUSE', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('acknowledgeIncident', {}, { atMinute: 2 });
    expect(planned(story.incident)).toEqual([
      '192 RESOLVE_SLA_AT_RISK',
      '240 RESOLVE_SLA',
      '1442 no-root-cause-24h',
    ]);
  });

  it('a root cause ends NO_ROOT_CAUSE', () => {
    expect(kindsOf(inStatus('IDENTIFIED', { severity: 'SEV1' }))).toEqual([
      'RESOLVE_SLA_AT_RISK',
      'RESOLVE_SLA',
    ]);
  });

  it.each(['RESOLVED', 'CLOSED', 'CANCELLED'] as const)('%s: nothing is planned', (status) => {
    expect(deadlinesOf(inStatus(status).incident, defaultPolicy)).toEqual([]);
  });

  it('an SLA at risk, then breached, is planned no more', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 12 });
    expect(kindsOf(story)).not.toContain('ACKNOWLEDGE_SLA_AT_RISK');
    expect(kindsOf(story)).toContain('ACKNOWLEDGE_SLA');
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 15 });
    expect(kindsOf(story)).not.toContain('ACKNOWLEDGE_SLA');
  });
});

describe('what starts a clock again', () => {
  it('unacknowledge: NO_ACK counts from that instant, the acknowledge SLA does not re-arm', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('acknowledgeIncident', {}, { atMinute: 2 });
    story.do('unacknowledgeIncident', {}, { atMinute: 100 });
    expect(planned(story.incident)).toEqual([
      '105 sev1-no-ack-5m',
      '160 no-ack-1h',
      '192 RESOLVE_SLA_AT_RISK',
      '240 RESOLVE_SLA',
      '340 no-ack-4h',
      '1442 no-root-cause-24h',
    ]);
  });

  it('reopening with an acknowledgement: only the resolve SLA starts anew', () => {
    const story = inStatus('RESOLVED', { severity: 'SEV1' });
    story.do('reopenIncident', { reason: 'It is back' }, { atMinute: 1000 });
    expect(planned(story.incident)).toEqual(['1192 RESOLVE_SLA_AT_RISK', '1240 RESOLVE_SLA']);
  });

  it('reopening without an acknowledgement: NO_ACK counts from the reopening', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 240 });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 240 + 1440 });
    expect(story.incident.status).toBe('RESOLVED');
    story.do('reopenIncident', { reason: 'It is back' }, { atMinute: 2000 });
    expect(planned(story.incident)).toEqual([
      '2060 no-ack-1h',
      '2240 no-ack-4h',
      '3152 RESOLVE_SLA_AT_RISK',
      '3380 AUTO_RESOLVE_WARNING',
      '3440 RESOLVE_SLA',
      '3440 AUTO_RESOLVE',
    ]);
  });

  it('a severity change recomputes unmet SLAs from the same base', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'Small' }, { by: grace, atMinute: 5 });
    expect(planned(story.incident)).toContain('480 ACKNOWLEDGE_SLA');
    expect(planned(story.incident)).toContain('4320 RESOLVE_SLA');
  });
});

describe('staleness', () => {
  it('counts from the last activity', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('addIncidentNote', { message: 'Looking' }, { atMinute: 30 });
    expect(planned(story.incident)).toContain('1410 AUTO_RESOLVE_WARNING');
    expect(planned(story.incident)).toContain('1470 AUTO_RESOLVE');
  });

  it('waits while a connector signal is firing', () => {
    const story = declared({ severity: 'SEV3' });
    const delivery = { dedupKey: 'k', declare: { title: 'T', severity: 'SEV3' }, severity: 'SEV3' } as const;
    story.do('receiveSignals', { ...delivery, firing: [firing], cleared: [] }, { by: alertmanager });
    expect(kindsOf(story)).not.toContain('AUTO_RESOLVE');
  });

  it('warns once until there is activity again', () => {
    const story = inStatus('IDENTIFIED', { severity: 'SEV4' });
    const before = deadlinesOf(story.incident, story.policy);
    const warning = before.find((deadline) => deadline.kind === 'AUTO_RESOLVE_WARNING');
    expect(
      story.do('fireDeadlines', {}, { by: scheduler, atMinute: minutesOf(warning?.dueAt ?? '') }),
    ).toEqual(['INCIDENT_AUTO_RESOLVE_WARNED']);
    expect(kindsOf(story)).not.toContain('AUTO_RESOLVE_WARNING');
    expect(kindsOf(story)).toContain('AUTO_RESOLVE');
    story.do('addIncidentNote', { message: 'Still here' });
    expect(kindsOf(story)).toContain('AUTO_RESOLVE_WARNING');
  });

  it.each(['SEV1', 'SEV2'] as const)('%s never, by default', (severity) => {
    expect(kindsOf(declared({ severity }))).not.toContain('AUTO_RESOLVE');
  });

  it('never when the policy says never; any severity when it says so', () => {
    const { autoResolve } = defaultPolicy;
    const never = declared({}, { autoResolve: { ...autoResolve, staleAfterHours: null } });
    expect(kindsOf(never)).not.toContain('AUTO_RESOLVE');
    const all = { ...autoResolve, staleSeverities: severities };
    expect(kindsOf(declared({ severity: 'SEV1' }, { autoResolve: all }))).toContain('AUTO_RESOLVE');
  });

  it('warns half an hour before when the whole is one hour', () => {
    const autoResolve = { ...defaultPolicy.autoResolve, staleAfterHours: 1 };
    const plan = planned(declared({}, { autoResolve }).incident, { ...defaultPolicy, autoResolve });
    expect(plan).toContain('30 AUTO_RESOLVE_WARNING');
    expect(plan).toContain('60 AUTO_RESOLVE');
  });
});

describe('rules as data', () => {
  const rule = (over: Partial<EscalationRule>): EscalationRule => ({
    name: 'rule',
    reason: 'NO_ACK',
    severities: null,
    afterMinutes: 7,
    target: 'SUPERVISOR',
    ...over,
  });

  it('a rule that newly applies counts from the same base', () => {
    const story = declared();
    story.do('addIncidentNote', { message: 'Later' }, { atMinute: 50 });
    const policy = { ...defaultPolicy, escalationRules: [rule({ name: 'new' })] };
    expect(planned(story.incident, policy)).toContain('7 new');
  });

  it('MANUAL is a reason of people: no clock', () => {
    const policy = { ...defaultPolicy, escalationRules: [rule({ reason: 'MANUAL' })] };
    expect(planned(declared().incident, policy).some((line) => line.endsWith('rule'))).toBe(false);
  });

  it('SEVERITY_RAISED is for what is SEV1 or SEV2 now', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('changeIncidentSeverity', { severity: 'SEV2', reason: 'Worse' }, { by: grace, atMinute: 1 });
    story.do('changeIncidentSeverity', { severity: 'SEV3', reason: 'Better' }, { by: grace, atMinute: 2 });
    const policy = {
      ...defaultPolicy,
      escalationRules: [rule({ name: 'raised', reason: 'SEVERITY_RAISED', afterMinutes: 0 })],
    };
    expect(planned(story.incident, policy)).not.toContain('1 raised');
  });

  it('Slack keeps the level that those before it reach', () => {
    const escalationRules = [
      rule({ name: 'a', afterMinutes: 1, target: 'SLACK' }),
      rule({ name: 'b', afterMinutes: 2, target: 'SUPERVISOR' }),
      rule({ name: 'c', afterMinutes: 3, target: 'SLACK' }),
      rule({ name: 'd', afterMinutes: 4, target: 'ON_CALL' }),
    ];
    const levels = deadlinesOf(declared().incident, { ...defaultPolicy, escalationRules }).flatMap(
      ({ escalation }) => (escalation === null ? [] : [escalation.level]),
    );
    expect(levels).toEqual([0, 2, 2, 1]);
  });
});
