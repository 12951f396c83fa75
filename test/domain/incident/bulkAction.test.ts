import { describe, expect, it } from 'vitest';
import type { IncidentCommandInputs } from '../../../src/domain/incident/commands.ts';
import { statuses } from '../../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { failed } from '../../support/failedRun.ts';
import { alertmanager, inStatus, Story, scheduler, start } from '../../support/given.ts';

const webhook = {
  url: 'https://example.com',
  secretSetAt: start,
  secretSetBy: 'command',
  overlapEndsAt: null,
};
const policy: Partial<Policy> = {
  actionWebhooks: ['reminders', 'api'].map((source) => ({ ...webhook, source })),
};
const digest = '0'.repeat(64);
const results = { succeeded: 1, failed: 1, cancelled: 0, resultsDigest: digest, mutesDigest: digest };

type Input = IncidentCommandInputs['runBulkAction'];
const mute = (more: Partial<Input> = {}): Input => ({
  action: 'MUTE',
  targets: [' t1', 't2', 't1'],
  targetsDigest: digest,
  ...more,
});

/** An incident of a burst of the reminders. */
function burst(): Story {
  const story = new Story(policy);
  const runs = [failed('r1', 't1'), failed('r2', 't2')];
  story.do('reportRuns', { source: 'reminders', runs }, { by: alertmanager });
  return story;
}

/** The id of the bulk action that runs. */
function running(story: Story): string {
  return story.incident.bulkAction?.id ?? '';
}

describe('a bulk action', () => {
  it('is an action of the incident from its start on, and runs until it is finished', () => {
    const story = burst();
    const decision = story.when('runBulkAction', mute());
    expect(decision.ok && decision.bulkTargets.map(({ ordinal, target }) => [ordinal, target])).toEqual([
      [1, 't1'],
      [2, 't2'],
    ]);
    expect(story.do('runBulkAction', mute())).toEqual(['INCIDENT_BULK_ACTION_STARTED']);
    expect(story.incident).toMatchObject({
      bulkAction: { source: 'reminders', action: 'MUTE', targetCount: 2, cancelledAt: null },
      actionCount: 1,
      lastAction: { id: running(story), kind: 'BULK', label: 'Mute 2 targets of reminders' },
    });
    const bulkActionId = running(story);
    const { materialVersion } = story.incident;
    const finished = story.do('finishBulkAction', { bulkActionId, ...results }, { by: scheduler });
    expect(finished).toEqual(['INCIDENT_BULK_ACTION_FINISHED']);
    expect(story.events.at(-1)).toMatchObject({
      payload: { bulkActionId, source: 'reminders', action: 'MUTE', outcome: 'COMPLETED', failed: 1 },
    });
    // What a person decided on has not changed.
    expect(story.incident).toMatchObject({ bulkAction: null, materialVersion });
    expect(story.do('finishBulkAction', { bulkActionId, ...results }, { by: scheduler })).toEqual([]);
  });

  it('runs alone on its incident', () => {
    const story = burst();
    story.do('runBulkAction', mute());
    expect(story.problems('runBulkAction', mute({ action: 'FORCE_RUN' }))).toEqual(['incidentId']);
  });

  it('is cancelled once, and only while it runs', () => {
    const story = burst();
    expect(story.problems('cancelBulkAction', { bulkActionId: 'none' })).toEqual(['bulkActionId']);
    story.do('runBulkAction', mute());
    const bulkActionId = running(story);
    expect(story.problems('cancelBulkAction', { bulkActionId: 'another' })).toEqual(['bulkActionId']);
    const cancel = { bulkActionId, reason: 'The wrong ones' };
    expect(story.do('cancelBulkAction', cancel)).toEqual(['INCIDENT_BULK_ACTION_CANCELLED']);
    expect(story.do('cancelBulkAction', cancel)).toEqual([]);
    story.do('finishBulkAction', { bulkActionId, ...results }, { by: scheduler });
    expect(story.events.at(-1)).toMatchObject({ payload: { outcome: 'CANCELLED' } });
    expect(story.problems('cancelBulkAction', cancel)).toEqual(['bulkActionId']);
  });

  it.each(statuses)('is possible in status %s', (status) => {
    const story = inStatus(status, { source: 'api' }, policy);
    expect(story.do('runBulkAction', mute())).toEqual(['INCIDENT_BULK_ACTION_STARTED']);
    expect(story.incident.bulkAction?.source).toBe('api');
  });

  it.each<[string, Partial<Input>, string[]]>([
    ['no target', { targets: [] }, ['targets']],
    ['more than 1,000', { targets: Array.from({ length: 1_001 }, (_, n) => `t${n}`) }, ['targets']],
    ['a target that is too long', { targets: ['t1', 'x'.repeat(201)] }, ['targets.1']],
    ['a source without a webhook', { source: 'imports' }, ['source']],
    ['none at a time', { concurrency: 0 }, ['concurrency']],
    ['too many at a time', { concurrency: 21 }, ['concurrency']],
    ['a wait that is too long', { throttleMilliseconds: 60_001 }, ['throttleMilliseconds']],
  ])('is refused with %s', (_what, input, paths) => {
    expect(burst().problems('runBulkAction', mute(input))).toEqual(paths);
  });
});

describe('a muted target', () => {
  const at = (minute: number) => ({ at: plusMinutes(start, minute) });
  function report(story: Story, atMinute: number, ...runs: ReturnType<typeof failed>[]) {
    return story.do('reportRuns', { source: 'reminders', runs }, { by: alertmanager, atMinute });
  }

  it('counts for no burst from the mute on: its runs are only kept', () => {
    const story = burst();
    story.muted.set('t1', [{ since: plusMinutes(start, 2), until: null }]);
    const before = story.incident.burst;
    expect(report(story, 3, failed('r3', 't1', at(2)), failed('r4', 't1', at(3)))).toEqual([]);
    expect(story.incident.burst).toEqual(before);
    expect(story.runs.slice(-2)).toMatchObject([{ incidentId: null }, { incidentId: null }]);
    // The silence goes on: the burst resolves five minutes after what counted last.
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 5 })).toContain('INCIDENT_RESOLVED');
  });

  it('counts with what failed before, however late it is told', () => {
    const story = burst();
    story.muted.set('t1', [{ since: plusMinutes(start, 2), until: null }]);
    report(story, 3, failed('r3', 't1', at(1)), failed('r4', 't1', at(3)), failed('r5', 't3', at(3)));
    expect(story.incident.burst).toMatchObject({ errorCount: 4, uniqueTargets: 3, latestRunId: 'r5' });
  });

  it('counts again with what fails from the unmute on; what failed before it never does, however late it is told', () => {
    const story = burst();
    const spans = [1, 5].map((minute) => ({
      since: plusMinutes(start, minute),
      until: plusMinutes(start, minute + 2),
    }));
    story.muted.set('t1', spans);
    const late = [1, 2, 3, 4, 5, 6, 7].map((minute) => failed(`r1${minute}`, 't1', at(minute)));
    report(story, 8, ...late);
    expect(story.incident.burst).toMatchObject({ errorCount: 5, latestRunId: 'r17' });
    const counted = story.runs.filter(({ incidentId }) => incidentId !== null).map(({ runId }) => runId);
    expect(counted).toEqual(['r1', 'r2', 'r13', 'r14', 'r17']);
  });

  it('begins no burst', () => {
    const story = new Story(policy);
    story.muted.set('t1', [{ since: start, until: null }]);
    expect(report(story, 1, failed('r1', 't1'))).toEqual([]);
    expect([story.state, story.runs.length]).toEqual([null, 1]);
  });
});
