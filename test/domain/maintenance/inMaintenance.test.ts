import { describe, expect, it } from 'vitest';
import { deadlinesOf } from '../../../src/domain/incident/deadlines.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import type { MaintenanceWindow } from '../../../src/domain/maintenance/maintenanceWindow.ts';
import { anyRule } from '../../support/anyRule.ts';
import { alertmanager, declared, Story, scheduler, start } from '../../support/given.ts';
import { delivery, firing } from '../deliveries.ts';

const window = (over: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  name: 'migration',
  effect: 'SUPPRESS',
  sources: null,
  environments: null,
  serviceIds: null,
  once: { from: start, until: plusMinutes(start, 30) },
  recurring: null,
  ...over,
});

describe('in a window that suppresses', () => {
  it('a signal declares nothing, and is counted', () => {
    const story = new Story({ maintenanceWindows: [window()] });
    const decision = story.when('receiveSignals', delivery([firing('a', 'critical')]), { by: alertmanager });
    expect(decision).toMatchObject({
      ok: true,
      events: [],
      state: null,
      lostSignals: [{ reason: 'SUPPRESSED', name: 'migration', count: 1 }],
    });
  });

  it('only those in it are suppressed, and the worst of the others counts', () => {
    const story = new Story({ maintenanceWindows: [window({ environments: ['staging'] })] });
    const signals = [
      firing('a', 'critical', { environment: 'staging' }),
      firing('b', 'warning', { environment: 'production' }),
    ];
    story.do('receiveSignals', delivery(signals), { by: alertmanager });
    expect(story.incident).toMatchObject({ severity: 'SEV3', signalCount: 1 });
  });

  it('a rule that has a signal only join does so all the same', () => {
    const detectionRules = [anyRule({ outcome: 'ATTACH_ONLY' })];
    const story = declared({}, { maintenanceWindows: [window()], detectionRules });
    expect(story.do('receiveSignals', delivery([firing('a', 'warning')]), { by: alertmanager })).toEqual([
      'INCIDENT_SIGNAL_INGESTED',
    ]);
  });

  it('a HIGH or CRITICAL error is declared, with escalations held until it ends', () => {
    const story = new Story({ maintenanceWindows: [window()] });
    const error = firing('a', 'critical', { type: 'ERROR', raisesTo: 'SEV1' });
    story.do('receiveSignals', delivery([error]), { by: alertmanager });
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 29 })).not.toContain(
      'INCIDENT_ESCALATED',
    );
    expect(story.do('fireDeadlines', {}, { by: scheduler, atMinute: 30 })).toContain('INCIDENT_ESCALATED');
  });
});

describe('an escalation', () => {
  const until = plusMinutes(start, 30);
  const dues = (maintenanceWindows: readonly MaintenanceWindow[]) => {
    const story = declared({ severity: 'SEV1' }, { maintenanceWindows });
    return Object.fromEntries(
      deadlinesOf(story.incident, story.policy).map(({ kind, key, dueAt }) => [`${kind} ${key}`, dueAt]),
    );
  };

  it('that falls due in a window waits until it ends; SLAs go on, and later ones come when they would', () => {
    expect(dues([window({ effect: 'HOLD_ESCALATIONS' })])).toMatchObject({
      'ESCALATION sev1-no-ack-5m': until,
      'ESCALATION no-ack-1h': plusMinutes(start, 60),
      'ACKNOWLEDGE_SLA ': plusMinutes(start, 15),
    });
  });

  it('is judged when it is due, not when the incident was declared', () => {
    const later = { from: plusMinutes(start, 50), until: plusMinutes(start, 90) };
    expect(dues([window({ once: later })])).toMatchObject({
      'ESCALATION sev1-no-ack-5m': plusMinutes(start, 5),
      'ESCALATION no-ack-1h': plusMinutes(start, 90),
    });
  });

  it('of an incident that no window is about is not held', () => {
    expect(dues([window({ sources: ['grafana'] })])).toMatchObject({
      'ESCALATION sev1-no-ack-5m': plusMinutes(start, 5),
    });
  });
});
