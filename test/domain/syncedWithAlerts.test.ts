import { describe, expect, it } from 'vitest';
import type { SyncedIncident } from '../../src/domain/detection/syncedIncident.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { ada, alertmanager, grace, Story, start } from '../support/given.ts';
import { synced } from '../support/synced.ts';

const minute = (minutes: number) => plusMinutes(start, minutes);

const sync = (story: Story, more: Partial<SyncedIncident>, atMinute: number) =>
  story.do(
    'syncIncidents',
    { incident: synced(more), targets: [], declare: {} },
    { by: alertmanager, atMinute },
  );

const resolved = { resolvedAt: minute(5), asOf: minute(5) };

describe('with an alert of another incident that was merged into it', () => {
  const delivery = {
    dedupKey: 'alerts',
    declare: { title: 'Alerts', severity: 'SEV2' },
    severity: null,
  } as const;
  const alert = {
    type: 'ALERT',
    source: 'alertmanager',
    summary: 'Latency',
    fingerprint: 'latency',
  } as const;
  const clear = (story: Story, atMinute: number) =>
    story.do(
      'receiveSignals',
      { ...delivery, firing: [], cleared: [{ fingerprint: 'latency', at: null }] },
      { by: alertmanager, atMinute },
    );

  function alerted(): Story {
    const story = new Story();
    sync(story, { severity: 'SEV2' }, 10);
    story.state = { ...story.incident, dedupKeys: [...story.incident.dedupKeys, 'alerts'] };
    story.do(
      'receiveSignals',
      { ...delivery, firing: [alert], cleared: [] },
      { by: alertmanager, atMinute: 11 },
    );
    return story;
  }

  it('resolves once both are over, whichever is first, as severe as it may be', () => {
    const held = alerted();
    expect(sync(held, resolved, 12)).toEqual(['INCIDENT_SYNCED']);
    expect(held.incident).toMatchObject({ status: 'REPORTED', sync: { resolvedAt: minute(5) } });
    expect(sync(held, { resolvedAt: minute(9), asOf: minute(9) }, 13)).toEqual(['INCIDENT_SYNCED']);
    expect(clear(held, 14)).toEqual(['INCIDENT_SIGNAL_CLEARED', 'INCIDENT_RESOLVED']);
    const cleared = alerted();
    expect(clear(cleared, 12)).toEqual(['INCIDENT_SIGNAL_CLEARED']);
    expect(sync(cleared, resolved, 13)).toEqual(['INCIDENT_SYNCED', 'INCIDENT_RESOLVED']);
  });

  it('is not over by the alert alone while its source has it open, however mild', () => {
    const story = alerted();
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'Mild' }, { by: grace, atMinute: 12 });
    expect(clear(story, 13)).toEqual(['INCIDENT_SIGNAL_CLEARED']);
    expect(story.incident.status).toBe('REPORTED');
  });

  it('is a matter of the policy again where a person reopened it since', () => {
    const story = alerted();
    sync(story, resolved, 12);
    clear(story, 13);
    story.do('reopenIncident', { reason: 'Still failing' }, { by: ada, atMinute: 14 });
    story.do(
      'receiveSignals',
      { ...delivery, firing: [alert], cleared: [] },
      { by: alertmanager, atMinute: 15 },
    );
    expect(clear(story, 16)).toEqual(['INCIDENT_SIGNAL_CLEARED']);
    story.do('changeIncidentSeverity', { severity: 'SEV4', reason: 'Mild' }, { by: grace, atMinute: 17 });
    story.do(
      'receiveSignals',
      { ...delivery, firing: [alert], cleared: [] },
      { by: alertmanager, atMinute: 18 },
    );
    expect(clear(story, 19)).toEqual(['INCIDENT_SIGNAL_CLEARED', 'INCIDENT_RESOLVED']);
  });

  const split = (story: Story, fingerprint: string, atMinute: number) => {
    const signalId = story.facts.firingSignal(fingerprint, 'alerts')?.signalId ?? 'none';
    return story.do('splitSignal', { signalId, reason: 'Another matter' }, { by: ada, atMinute });
  };

  it('resolves, by itself and in the same commit, when the alert is split off and its source has it resolved', () => {
    const story = alerted();
    sync(story, resolved, 12);
    expect(split(story, 'latency', 13)).toEqual(['INCIDENT_SIGNAL_SPLIT', 'INCIDENT_RESOLVED']);
    const [by, resolution] = story.events.slice(-2);
    expect(by).toMatchObject({ actor: { kind: 'USER', id: 'ada' }, statusAfter: 'REPORTED' });
    expect(resolution).toMatchObject({
      actor: { kind: 'SYSTEM' },
      commandId: by?.commandId,
      statusAfter: 'RESOLVED',
      payload: { automatic: true, because: 'SYNCED' },
    });
    expect(story.incident).toMatchObject({ status: 'RESOLVED', openSignalCount: 0 });
  });

  it.each<[string, (story: Story) => void]>([
    ['while its source has it open', () => {}],
    [
      'while another alert fires',
      (story) => {
        const firing = [{ ...alert, fingerprint: 'errors' }];
        story.do('receiveSignals', { ...delivery, firing, cleared: [] }, { by: alertmanager, atMinute: 12 });
        sync(story, resolved, 12);
      },
    ],
    [
      'that a person reopened since',
      (story) => {
        sync(story, resolved, 12);
        clear(story, 12);
        story.do('reopenIncident', { reason: 'Still failing' }, { by: ada, atMinute: 13 });
        story.do(
          'receiveSignals',
          { ...delivery, firing: [alert], cleared: [] },
          { by: alertmanager, atMinute: 13 },
        );
      },
    ],
  ])('is resolved by no split %s', (_when, before) => {
    const story = alerted();
    before(story);
    const { status } = story.incident;
    expect(split(story, 'latency', 14)).toEqual(['INCIDENT_SIGNAL_SPLIT']);
    expect(story.incident.status).toBe(status);
  });

  it('waits for the silence of a burst of its own, too', () => {
    const story = alerted();
    const endedAt = minute(12);
    const burst = { source: 'reminders', startedAt: start, endedAt, errorCount: 1, uniqueTargets: 1 };
    sync(story, resolved, 12);
    story.state = { ...story.incident, burst: { ...burst, ordinal: 1, latestError: null } as never };
    expect(split(story, 'latency', 13)).toEqual(['INCIDENT_SIGNAL_SPLIT']);
    expect(story.incident.status).toBe('REPORTED');
  });
});
