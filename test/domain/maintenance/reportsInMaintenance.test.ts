import { describe, expect, it } from 'vitest';
import type { SyncedIncident } from '../../../src/domain/detection/syncedIncident.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import type { MaintenanceWindow } from '../../../src/domain/maintenance/maintenanceWindow.ts';
import { failed } from '../../support/failedRun.ts';
import { alertmanager, Story, scheduler, start } from '../../support/given.ts';
import { synced } from '../../support/synced.ts';

const by = alertmanager;
const minute = (minutes: number) => plusMinutes(start, minutes);

/** From minute 10 to minute 40, about everything but for what is given. */
const window = (over: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  name: 'migration',
  effect: 'SUPPRESS',
  sources: null,
  environments: null,
  serviceIds: null,
  once: { from: minute(10), until: minute(40) },
  recurring: null,
  ...over,
});
const inWindow = (over: Partial<MaintenanceWindow> = {}) => new Story({ maintenanceWindows: [window(over)] });

function run(story: Story, atMinute: number, ...runs: ReturnType<typeof failed>[]) {
  const decision = story.when('reportRuns', { source: 'reminders', runs }, { by, atMinute });
  if (!decision.ok) throw new Error(decision.refusal.message);
  story.apply(decision);
  return { types: decision.events.map(({ type }) => type), lost: decision.lostSignals };
}

function sync(story: Story, atMinute: number, more: Partial<SyncedIncident> = {}, declare = {}) {
  const input = { incident: synced(more), targets: ['t'], declare };
  const decision = story.when('syncIncidents', input, { by, atMinute });
  if (!decision.ok) throw new Error(decision.refusal.message);
  story.apply(decision);
  return { types: decision.events.map(({ type }) => type), lost: decision.lostSignals };
}

const suppressed = (count: number) => [{ reason: 'SUPPRESSED', name: 'migration', count }];
const incidentOf = (story: Story) => story.runs.map(({ runId, incidentId }) => [runId, incidentId !== null]);

describe('failed runs in a window that suppresses', () => {
  it('begin no burst: they are kept without an incident, and counted', () => {
    const story = inWindow();
    const ok = failed('ok', 't', { status: 'SUCCEEDED', error: null });
    const told = run(story, 10, failed('r1', 't'), failed('r2', 'u'), ok);
    expect(told).toEqual({ types: [], lost: suppressed(2) });
    expect(story.state).toBeNull();
    expect(incidentOf(story)).toEqual([
      ['ok', false],
      ['r1', false],
      ['r2', false],
    ]);
    expect(run(story, 11, failed('r1', 't'))).toEqual({ types: [], lost: [] });
  });

  it('count nothing that did not fail', () => {
    const ok = failed('ok', 't', { status: 'SUCCEEDED', error: null });
    expect(run(inWindow(), 10, ok)).toEqual({ types: [], lost: [] });
  });

  it('grow a burst that began before', () => {
    const story = inWindow();
    run(story, 8, failed('r1', 't'));
    expect(run(story, 11, failed('r2', 't'))).toEqual({ types: ['INCIDENT_BURST_GREW'], lost: [] });
    expect(story.incident.burst?.errorCount).toBe(2);
  });

  it('are of no burst afterwards: the next one that fails begins its own', () => {
    const story = inWindow();
    run(story, 39, failed('r1', 't'));
    expect(run(story, 40, failed('r2', 't')).types).toEqual(['INCIDENT_CREATED', 'INCIDENT_BURST_GREW']);
    expect(story.incident).toMatchObject({
      startedAt: minute(40),
      burst: { ordinal: 1, errorCount: 1, startedAt: minute(40) },
    });
  });

  it('are judged when they would declare, whenever they failed', () => {
    const early = inWindow();
    expect(run(early, 20, failed('r1', 't', { at: minute(1) })).lost).toEqual(suppressed(1));
    const late = inWindow();
    run(late, 41, failed('r1', 't', { at: minute(39) }));
    expect(late.incident.burst?.startedAt).toBe(minute(39));
  });

  it.each<[string, Partial<MaintenanceWindow>, boolean]>([
    ['of their source', { sources: ['remind*'] }, false],
    ['of another source', { sources: ['billing'] }, true],
    ['of an environment', { environments: ['*'] }, true],
    ['of a service', { serviceIds: ['00000000-0000-7000-8000-00000000000a'] }, true],
    ['that only holds escalations', { effect: 'HOLD_ESCALATIONS' }, true],
  ])('of a window %s: %o, declares: %s', (_what, over, declares) => {
    const story = inWindow(over);
    run(story, 10, failed('r1', 't'));
    expect(story.state !== null).toBe(declares);
  });
});

describe('a sync in a window that suppresses', () => {
  it('declares nothing and is counted, each time; the next one after it declares', () => {
    const story = inWindow();
    for (const atMinute of [10, 39]) {
      expect(sync(story, atMinute)).toEqual({ types: [], lost: suppressed(1) });
      expect(story.state).toBeNull();
      expect(story.targets).toEqual([]);
    }
    expect(sync(story, 40).types).toEqual(['INCIDENT_CREATED', 'INCIDENT_SYNCED']);
    expect(story.targets).toEqual(['t']);
  });

  it('declares nothing that is over either, until after it', () => {
    const story = inWindow();
    const over = { resolvedAt: minute(5), asOf: minute(5) };
    expect(sync(story, 10, over).lost).toEqual(suppressed(1));
    sync(story, 40, over);
    expect(story.incident.status).toBe('RESOLVED');
  });

  it('updates, raises and resolves what is declared already', () => {
    const story = inWindow();
    sync(story, 5);
    const more = { severity: 'SEV1', asOf: minute(12), resolvedAt: minute(12) } as const;
    const { types, lost } = sync(story, 12, more);
    expect(types).toEqual(
      expect.arrayContaining(['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED']),
    );
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<MaintenanceWindow>, object, boolean]>([
    ['of its environment', { environments: ['production'] }, { environment: 'production' }, false],
    ['of another environment', { environments: ['staging'] }, { environment: 'production' }, true],
    ['of a service that is not there yet', { serviceIds: ['x'] }, { service: 'new' }, true],
    ['of another source', { sources: ['billing'] }, {}, true],
    ['that only holds escalations', { effect: 'HOLD_ESCALATIONS' }, {}, true],
  ])('is looked at with its place: %s', (_what, over, place, declares) => {
    const story = inWindow(over);
    sync(story, 10, {}, place);
    expect(story.state !== null).toBe(declares);
  });
});

describe.each(['SUPPRESS', 'HOLD_ESCALATIONS'] as const)('a window of %s', (effect) => {
  const eight = Array.from({ length: 8 }, (_, n) => failed(`r${n}`, `t${n}`));

  it.each<[string, (story: Story) => void]>([
    ['a burst', (story) => run(story, 8, ...eight)],
    ['a synced incident', (story) => sync(story, 8, { severity: 'SEV1' })],
  ])('holds escalations of %s until it ends', (_what, begin) => {
    // Silence would resolve the burst first.
    const story = inWindow({ effect });
    story.policy = { ...story.policy, autoResolve: { ...story.policy.autoResolve, silenceMinutes: 60 } };
    begin(story);
    expect(story.incident.severity).toBe('SEV1');
    const fired = (atMinute: number) => story.do('fireDeadlines', {}, { by: scheduler, atMinute });
    expect(fired(39)).not.toContain('INCIDENT_ESCALATED');
    expect(fired(40)).toContain('INCIDENT_ESCALATED');
  });
});
