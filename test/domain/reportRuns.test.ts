import { describe, expect, it } from 'vitest';
import { keyOfBurst } from '../../src/domain/detection/burst.ts';
import { deadlinesOf } from '../../src/domain/incident/deadlines.ts';
import type { IncidentSeverity } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { failed } from '../support/failedRun.ts';
import { ada, alertmanager, grace, rootCause, Story, scheduler, start } from '../support/given.ts';

const by = alertmanager;
/** Minutes after the start. */
const at = (minute: number) => ({ at: plusMinutes(start, minute) });

function report(story: Story, atMinute: number, ...runs: ReturnType<typeof failed>[]) {
  return story.do('reportRuns', { source: 'reminders', runs }, { by, atMinute });
}

/** Eight errors on three targets: the example of the first source. */
const eight = Array.from({ length: 8 }, (_, n) => failed(`r${n}`, `t${n % 3}`, at(n * 0.5)));

describe('failed runs', () => {
  it('within the silence window are one incident, however many: one event', () => {
    const story = new Story();
    expect(report(story, 10, ...eight)).toEqual(['INCIDENT_CREATED', 'INCIDENT_BURST_GREW']);
    expect(story.incident).toMatchObject({
      title: 'Runs of reminders fail: SMTP timeout',
      source: 'reminders',
      severity: 'SEV1',
      detectedAt: start,
      startedAt: start,
      endedAt: plusMinutes(start, 3.5),
      dedupKeys: [keyOfBurst('reminders', 1)],
      burst: {
        source: 'reminders',
        ordinal: 1,
        startedAt: start,
        endedAt: plusMinutes(start, 3.5),
        errorCount: 8,
        uniqueTargets: 3,
        latestRunId: 'r7',
        latestError: 'SMTP timeout',
      },
    });
    expect(story.runs).toHaveLength(8);
  });

  it.each<[number, number, IncidentSeverity]>([
    [1, 1, 'SEV3'],
    [100, 1, 'SEV3'],
    [3, 3, 'SEV3'],
    [4, 2, 'SEV2'],
    [7, 7, 'SEV2'],
    [8, 2, 'SEV2'],
    [8, 3, 'SEV1'],
  ])('%i errors on %i targets are %s', (errors, targets, severity) => {
    const story = new Story();
    report(story, 0, ...Array.from({ length: errors }, (_, n) => failed(`r${n}`, `t${n % targets}`)));
    expect(story.incident.severity).toBe(severity);
  });

  it('are measured by the thresholds of their source; below all of them they are SEV4', () => {
    const runs = {
      thresholds: [],
      sources: [{ source: 'reminders', thresholds: [{ severity: 'SEV1', errors: 2, targets: 1 }] }],
    } as const;
    const story = new Story({ runs });
    report(story, 0, failed('r1', 't'));
    expect(story.incident.severity).toBe('SEV4');
    report(story, 1, failed('r2', 't'));
    expect(story.incident.severity).toBe('SEV1');
  });

  it('raise the severity when they cross a threshold, and not when a person lowered it and they cross none', () => {
    const story = new Story();
    report(story, 0, ...eight.slice(0, 4).map((run) => ({ ...run, at: null })));
    expect(story.incident.severity).toBe('SEV2');
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'A test system' }, { by: grace });
    expect(report(story, 2, failed('more', 't0'))).toEqual(['INCIDENT_BURST_GREW']);
    expect(story.incident.severity).toBe('SEV4');
    report(story, 3, failed('a', 't2'), failed('b', 't2'), failed('c', 't2'));
    expect(story.incident.severity).toBe('SEV1');
  });

  it('that are known, and runs that did not fail, grow nothing', () => {
    const story = new Story();
    report(story, 0, failed('r1', 't'), failed('r1', 't'));
    expect(report(story, 1, failed('r1', 't'))).toEqual([]);
    expect(report(story, 1, failed('ok', 't', { status: 'SUCCEEDED', error: null }))).toEqual([]);
    expect(story.incident.burst?.errorCount).toBe(1);
    expect(story.runs.map(({ runId, incidentId }) => [runId, incidentId !== null])).toEqual([
      ['r1', true],
      ['ok', false],
    ]);
  });

  it('that come late land where they belong, and do not become the latest', () => {
    const story = new Story();
    report(story, 4, failed('r2', 't', { ...at(4), error: 'second' }));
    report(story, 5, failed('r1', 'other', { ...at(0), error: 'first' }));
    expect(story.incident.burst).toMatchObject({
      startedAt: start,
      endedAt: plusMinutes(start, 4),
      errorCount: 2,
      uniqueTargets: 2,
      latestRunId: 'r2',
      latestError: 'second',
    });
    expect(story.incident).toMatchObject({ startedAt: start, endedAt: plusMinutes(start, 4) });
  });

  it('chain backwards and forwards, and leave for another burst what is beyond the window', () => {
    const story = new Story();
    report(story, 60, failed('mid', 't', at(30)));
    report(story, 60, ...[18, 21, 25, 34, 39, 45].map((minute) => failed(`r${minute}`, 't', at(minute))));
    expect(story.runs.map(({ runId }) => runId).sort()).toEqual(['mid', 'r18', 'r21', 'r25', 'r34', 'r39']);
    expect(story.incident.burst).toMatchObject({
      startedAt: plusMinutes(start, 18),
      endedAt: plusMinutes(start, 39),
    });
  });

  it('leave a window of impact that somebody wrote as it is', () => {
    const story = new Story();
    report(story, 0, failed('r1', 't'));
    story.do('updateIncident', { endedAt: plusMinutes(start, 1) }, { by: ada });
    report(story, 4, failed('r2', 't'));
    expect(story.incident.endedAt).toBe(plusMinutes(start, 1));
    expect(story.incident.burst?.endedAt).toBe(plusMinutes(start, 4));
  });
});

describe('silence', () => {
  it('resolves a burst on its deadline, which every further failure moves', () => {
    const story = new Story();
    report(story, 0, failed('r1', 't'));
    report(story, 3, failed('r2', 't'));
    const due = deadlinesOf(story.incident, defaultPolicy).find(({ kind }) => kind === 'AUTO_RESOLVE');
    expect(due?.dueAt).toBe(plusMinutes(start, 8));
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 7 })).toEqual([]);
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 8 })).toEqual(['INCIDENT_RESOLVED']);
    expect(story.incident).toMatchObject({ status: 'RESOLVED', resolution: { automatic: true } });
    expect(story.events.at(-1)?.payload).toMatchObject({ because: 'SILENCE' });
  });

  it('lets a run that ran before the end land in it, and none that ran after', () => {
    const story = new Story();
    report(story, 0, failed('r1', 't'));
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5 });
    expect(report(story, 9, failed('late', 't', at(4)), failed('after', 't', at(6)))).toEqual([
      'INCIDENT_BURST_GREW',
    ]);
    expect(story.incident).toMatchObject({ status: 'RESOLVED', burst: { errorCount: 2 } });
    expect(story.runs.map(({ runId }) => runId)).toEqual(['r1', 'late']);
  });

  it('resolves nothing that is no burst, and not what a person reopened until it fails again', () => {
    const declared = new Story();
    declared.do('declareIncident', { title: 'Slow', severity: 'SEV1' });
    expect(deadlinesOf(declared.incident, defaultPolicy).some(({ kind }) => kind === 'AUTO_RESOLVE')).toBe(
      false,
    );
    const story = new Story();
    report(story, 0, ...eight.map((run) => ({ ...run, at: null })));
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5 });
    story.do('reopenIncident', { reason: 'Still failing' }, { by: ada, atMinute: 6 });
    expect(deadlinesOf(story.incident, defaultPolicy).some(({ kind }) => kind === 'AUTO_RESOLVE')).toBe(
      false,
    );
  });

  it.each([
    [3, ['INCIDENT_SIGNAL_CLEARED'], 'REPORTED'],
    [30, ['INCIDENT_SIGNAL_CLEARED', 'INCIDENT_RESOLVED'], 'RESOLVED'],
  ])(
    'ends a burst that an alert was merged into, not that this is over: cleared at %i',
    (minute, types, status) => {
      const story = new Story();
      report(story, 0, failed('r1', 't'));
      story.state = { ...story.incident, dedupKeys: [...story.incident.dedupKeys, 'disk'] };
      const delivery = (more: object) => ({
        dedupKey: 'disk',
        declare: { title: 'Disk', severity: 'SEV3' as const },
        firing: [],
        cleared: [],
        severity: null,
        ...more,
      });
      const fires = { type: 'ALERT', source: 'alertmanager', summary: 'Disk', fingerprint: 'disk' } as const;
      story.do('receiveSignals', delivery({ firing: [fires] }), { by, atMinute: 1 });
      expect(story.do('receiveSignals', delivery({ resolve: true }), { by, atMinute: minute })).toEqual(
        types,
      );
      expect(story.incident.status).toBe(status);
      if (status === 'RESOLVED') return;
      expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5 })).toEqual(['INCIDENT_RESOLVED']);
    },
  );

  it('grows nothing of a burst that is closed: its late runs are only kept', () => {
    const story = new Story();
    report(story, 0, failed('r1', 't'));
    story.do('acknowledgeIncident', {}, { by: ada, atMinute: 1 });
    story.do('recordRootCause', rootCause, { by: ada, atMinute: 1 });
    story.do('resolveIncident', { summary: 'Restarted' }, { by: ada, atMinute: 2 });
    story.do('closeIncident', { lessonsLearned: 'x', noFollowUpsBecause: 'y' }, { by: ada, atMinute: 3 });
    expect(report(story, 4, failed('late', 't', at(1)))).toEqual([]);
    expect(story.runs.at(-1)).toMatchObject({ runId: 'late', incidentId: story.incident.id });
  });
});
