import { describe, expect, it } from 'vitest';
import type { DetectionRule } from '../../../src/domain/detection/detectionRule.ts';
import type {
  ErrorOutcome,
  ErrorSeverity,
  ReportedError,
} from '../../../src/domain/detection/errorReport.ts';
import type { LossReason } from '../../../src/domain/detection/judgeDelivery.ts';
import type { IncidentSeverity } from '../../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import type { MaintenanceWindow } from '../../../src/domain/maintenance/maintenanceWindow.ts';
import { anyRule } from '../../support/anyRule.ts';
import {
  ada,
  alertmanager,
  declared,
  grace,
  reported,
  rootCause,
  Story,
  scheduler,
  start,
} from '../../support/given.ts';

const by = alertmanager;
const maintenance: MaintenanceWindow = {
  name: 'migration',
  effect: 'SUPPRESS',
  sources: null,
  environments: null,
  serviceIds: null,
  once: { from: start, until: plusMinutes(start, 30) },
  recurring: null,
};

function under(...detectionRules: readonly DetectionRule[]): Story {
  return new Story({ detectionRules });
}

function report(story: Story, errors: readonly ReportedError[], atMinute?: number) {
  const circumstances = atMinute === undefined ? { by } : { by, atMinute };
  const decision = story.when('reportErrors', { fingerprint: 'timeout', errors }, circumstances);
  if (!decision.ok) throw new Error(decision.refusal.message);
  story.apply(decision);
  return { types: decision.events.map(({ type }) => type), lost: decision.lostSignals };
}

const rules = {
  none: anyRule({ name: 'other', sources: ['nobody'] }),
  declare: anyRule({ name: 'rule' }),
  sev1: anyRule({ name: 'rule', severity: 'SEV1' }),
  sev4: anyRule({ name: 'rule', severity: 'SEV4' }),
  attach: anyRule({ name: 'rule', outcome: 'ATTACH_ONLY' }),
  drop: anyRule({ name: 'rule', outcome: 'DROP' }),
};
type Rule = keyof typeof rules;
/** What becomes of the error, how severe its incident is, and as what it is counted. */
type Row = readonly [ErrorSeverity, Rule, ErrorOutcome, IncidentSeverity | null, LossReason | null];

const quietly: readonly Row[] = [
  ['CRITICAL', 'none', 'CREATED', 'SEV1', null],
  ['CRITICAL', 'declare', 'CREATED', 'SEV1', null],
  ['CRITICAL', 'sev1', 'CREATED', 'SEV1', null],
  ['CRITICAL', 'sev4', 'CREATED', 'SEV1', null],
  ['CRITICAL', 'attach', 'CREATED', 'SEV1', null],
  ['CRITICAL', 'drop', 'CREATED', 'SEV1', null],
  ['HIGH', 'none', 'CREATED', 'SEV2', null],
  ['HIGH', 'declare', 'CREATED', 'SEV2', null],
  ['HIGH', 'sev1', 'CREATED', 'SEV1', null],
  ['HIGH', 'sev4', 'CREATED', 'SEV2', null],
  ['HIGH', 'attach', 'CREATED', 'SEV2', null],
  ['HIGH', 'drop', 'CREATED', 'SEV2', null],
  ['MEDIUM', 'none', 'RECORDED', null, null],
  ['MEDIUM', 'declare', 'CREATED', 'SEV3', null],
  ['MEDIUM', 'sev1', 'CREATED', 'SEV1', null],
  ['MEDIUM', 'sev4', 'CREATED', 'SEV4', null],
  ['MEDIUM', 'attach', 'RECORDED', null, 'NOT_ATTACHED'],
  ['MEDIUM', 'drop', 'DROPPED', null, 'DROPPED'],
  ['LOW', 'none', 'RECORDED', null, null],
  ['LOW', 'declare', 'CREATED', 'SEV4', null],
  ['LOW', 'sev1', 'CREATED', 'SEV1', null],
  ['LOW', 'attach', 'RECORDED', null, 'NOT_ATTACHED'],
  ['LOW', 'drop', 'DROPPED', null, 'DROPPED'],
];

const declares = (rule: Rule) => rule === 'declare' || rule.startsWith('sev');
const inMaintenance = quietly.map(([severity, rule, ...rest]): Row => {
  const isGrave = severity === 'CRITICAL' || severity === 'HIGH';
  return isGrave || !declares(rule)
    ? [severity, rule, ...rest]
    : [severity, rule, 'RECORDED', null, 'SUPPRESSED'];
});

const check = ([severity, rule, outcome, incident, reason]: Row, story: Story) => {
  const { lost } = report(story, [reported('e1', { severity })]);
  expect(story.errors).toMatchObject([{ outcome, incidentId: story.state?.id ?? null }]);
  expect(story.state?.severity ?? null).toBe(incident);
  const name = reason === 'SUPPRESSED' ? 'migration' : rules[rule].name;
  expect(lost).toEqual(reason === null ? [] : [{ reason, name, count: 1 }]);
};

describe('an error without an open incident of its kind', () => {
  it.each(quietly)('%s under %s: %s, %s, counted: %s', (...row) => {
    check(row, under(rules[row[1]]));
  });

  it.each(inMaintenance)('in maintenance that suppresses, %s under %s: %s, %s, counted: %s', (...row) => {
    check(row, new Story({ detectionRules: [rules[row[1]]], maintenanceWindows: [maintenance] }));
  });

  it('that is HIGH or CRITICAL waits for the end of maintenance with its escalations', () => {
    const story = new Story({ maintenanceWindows: [maintenance] });
    report(story, [reported('e1')]);
    const fired = (atMinute: number) => story.do('fireDeadlines', {}, { by: scheduler, atMinute });
    expect(fired(29)).not.toContain('INCIDENT_ESCALATED');
    expect(fired(30)).toContain('INCIDENT_ESCALATED');
  });

  it('follows the first rule that matches, and a HIGH one the first that may have it', () => {
    const story = under(rules.drop, anyRule({ name: 'second', severity: 'SEV1', tags: ['second'] }));
    report(story, [reported('low', { severity: 'LOW' })]);
    expect(story.state).toBeNull();
    report(story, [reported('high', { severity: 'HIGH' })]);
    expect(story.incident).toMatchObject({ severity: 'SEV1', tags: ['second'] });
  });

  it('declares under the title of its rule, with its tags and its roles of members', () => {
    const story = under(
      anyRule({
        labels: [{ name: 'team', pattern: 'pay*' }],
        text: ['TIMEOUT'],
        services: ['checkout'],
        title: '{label:team}: {summary} in {environment}',
        tags: ['auto'],
        roles: [
          { role: 'COMMANDER', userId: 'ada' },
          { role: 'TECH_LEAD', userId: 'gone' },
        ],
      }),
    );
    const data = JSON.stringify({ labels: { team: 'payments' } });
    const { types } = report(story, [reported('e1', { severity: 'LOW', data, environment: 'production' })]);
    expect(types).toEqual(['INCIDENT_CREATED', 'INCIDENT_ROLE_ASSIGNED', 'INCIDENT_SIGNAL_INGESTED']);
    expect(story.incident).toMatchObject({
      title: 'payments: Database connection timeout in production',
      tags: ['auto'],
      commanderId: 'ada',
      techLeadId: null,
      dedupKeys: ['error:timeout'],
    });
    expect(story.lookedUp).toEqual([{ joinable: [], userIds: ['ada', 'gone'] }]);
  });

  it('declares with all of its kind but what is dropped; the most severe by the rules is the cause', () => {
    const story = under(
      anyRule({ name: 'noise', text: ['noise'], outcome: 'DROP' }),
      anyRule({ name: 'worst', text: ['worst'], severity: 'SEV1' }),
    );
    const { lost } = report(story, [
      reported('high', { severity: 'HIGH' }),
      reported('noise', { severity: 'LOW', message: 'noise' }),
      reported('worst', { severity: 'LOW', message: 'worst' }),
      reported('medium', { severity: 'MEDIUM' }),
    ]);
    expect(Object.fromEntries(story.errors.map(({ errorId, outcome }) => [errorId, outcome]))).toEqual({
      high: 'JOINED',
      noise: 'DROPPED',
      worst: 'CREATED',
      medium: 'JOINED',
    });
    expect(story.incident).toMatchObject({ severity: 'SEV1', title: 'TimeoutError: worst' });
    expect(lost).toEqual([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
  });

  it('is known afterwards, dropped or not: told again it counts no more', () => {
    const story = under(rules.drop);
    report(story, [reported('e1', { severity: 'LOW' })]);
    expect(report(story, [reported('e1', { severity: 'LOW' })])).toEqual({ types: [], lost: [] });
    expect(story.errors).toHaveLength(1);
  });
});

describe('an error of an open incident', () => {
  const opened = (rule: DetectionRule) => {
    const story = new Story();
    report(story, [reported('e1', { severity: 'HIGH' })]);
    story.policy = { ...story.policy, detectionRules: [rule], maintenanceWindows: [maintenance] };
    return story;
  };

  it.each<[ErrorSeverity, Rule, IncidentSeverity]>([
    ['LOW', 'none', 'SEV2'],
    ['LOW', 'drop', 'SEV2'],
    ['LOW', 'attach', 'SEV2'],
    ['LOW', 'sev4', 'SEV2'],
    ['LOW', 'sev1', 'SEV1'],
    ['HIGH', 'sev1', 'SEV1'],
    ['HIGH', 'sev4', 'SEV2'],
    ['CRITICAL', 'sev4', 'SEV1'],
    ['CRITICAL', 'drop', 'SEV1'],
  ])('%s under %s joins, also in maintenance, and leaves it %s', (severity, rule, level) => {
    const story = opened(rules[rule]);
    const { lost } = report(story, [reported('e2', { severity })]);
    expect(story.errors.at(-1)).toMatchObject({ outcome: 'JOINED', incidentId: story.incident.id });
    expect(story.incident.severity).toBe(level);
    expect(lost).toEqual([]);
  });

  it('raises it once, says by which rule, and not again after a person lowered it', () => {
    const story = opened(rules.sev1);
    report(story, [reported('e2', { severity: 'LOW' })]);
    const reason =
      'shop reported an error of severity LOW (SEV1 by the rule rule): Database connection timeout';
    expect(story.events.map(({ payload }) => payload)).toContainEqual({ from: 'SEV2', to: 'SEV1', reason });
    story.do('changeIncidentSeverity', { severity: 'SEV3', reason: 'Nobody is hit' }, { by: grace });
    report(story, [reported('e3', { severity: 'LOW' })]);
    expect(story.incident.severity).toBe('SEV3');
  });
});

describe('an error that only joins', () => {
  it('looks for an open incident by its correlation key, then by its component', () => {
    const story = under(rules.attach);
    report(story, [reported('e1', { severity: 'LOW', correlationKey: 'deploy-1' })]);
    expect(story.lookedUp).toEqual([
      {
        joinable: [
          { kind: 'CORRELATION_KEY', key: 'deploy-1' },
          { kind: 'SERVICE', key: 'checkout' },
        ],
        userIds: [],
      },
    ]);
  });

  it('is evidence of the one that is found: it raises nothing, and the key of its kind stays free', () => {
    const story = declared({ severity: 'SEV4' }, { detectionRules: [rules.attach] });
    const error = (errorId: string) => reported(errorId, { severity: 'MEDIUM', correlationKey: 'deploy-1' });
    expect(report(story, [error('e1')])).toEqual({ types: ['INCIDENT_SIGNAL_INGESTED'], lost: [] });
    expect(story.incident).toMatchObject({
      severity: 'SEV4',
      signalCount: 1,
      openSignalCount: 0,
      dedupKeys: [],
      correlationKeys: ['deploy-1'],
    });
    expect(report(story, [error('e2')])).toEqual({ types: [], lost: [] });
    expect(story.errors).toMatchObject([
      { outcome: 'JOINED', repeats: false, incidentId: story.incident.id },
      { outcome: 'JOINED', repeats: true, incidentId: story.incident.id },
    ]);
  });

  it('leaves beside it what is dropped, and what no rule speaks of', () => {
    const drops = anyRule({ name: 'noise', text: ['noise'], outcome: 'DROP' });
    const attaches = anyRule({ name: 'context', text: ['context'], outcome: 'ATTACH_ONLY' });
    const story = declared({}, { detectionRules: [drops, attaches] });
    const low = (message: string) => reported(message, { severity: 'LOW', message });
    const { lost } = report(story, [low('noise'), low('context'), low('other')]);
    expect(story.errors.map(({ errorId, outcome }) => [errorId, outcome])).toEqual([
      ['context', 'JOINED'],
      ['noise', 'DROPPED'],
      ['other', 'RECORDED'],
    ]);
    expect(lost).toEqual([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
  });
});

describe('an error of an incident that was resolved within 5 minutes of its declaration', () => {
  const resolved = (...detectionRules: readonly DetectionRule[]) => {
    const story = new Story();
    report(story, [reported('e1')]);
    story.do('acknowledgeIncident', {}, { by: ada });
    story.do('recordRootCause', rootCause, { by: ada });
    story.do('resolveIncident', { summary: 'Restarted' }, { by: grace, atMinute: 4 });
    story.policy = { ...story.policy, detectionRules };
    return story;
  };

  it('reopens it where a rule has it declare, and leaves behind what is dropped', () => {
    const story = resolved(anyRule({ name: 'noise', text: ['noise'], outcome: 'DROP' }), rules.declare);
    const errors = [
      reported('noise', { severity: 'LOW', message: 'noise' }),
      reported('e2', { severity: 'LOW' }),
    ];
    const { types, lost } = report(story, errors, 5);
    expect(types).toContain('INCIDENT_REOPENED');
    expect(story.errors.slice(1).map(({ outcome }) => outcome)).toEqual(['REOPENED', 'DROPPED']);
    expect(lost).toEqual([{ reason: 'DROPPED', name: 'noise', count: 1 }]);
  });
});
