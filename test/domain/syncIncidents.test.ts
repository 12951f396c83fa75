import { describe, expect, it } from 'vitest';
import { isKeptForEver } from '../../src/domain/detection/burst.ts';
import { type CheckedIncident, checkedSync } from '../../src/domain/detection/checkedSync.ts';
import { configuredIncident } from '../../src/domain/detection/configuredIncident.ts';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import {
  type IncidentReport,
  keyOfSync,
  type SyncedIncident,
  severityOfSync,
} from '../../src/domain/detection/syncedIncident.ts';
import type { IncidentSeverity, IncidentStatus } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { ada, alertmanager, brought, grace, rootCause, Story, start } from '../support/given.ts';
import { synced } from '../support/synced.ts';

const minute = (minutes: number) => plusMinutes(start, minutes);

function sync(story: Story, more: Partial<SyncedIncident> = {}, atMinute = 10, targets: string[] = []) {
  const incident = synced(more);
  return story.do('syncIncidents', { incident, targets, declare: {} }, { by: alertmanager, atMinute });
}

/** Synced once, ten minutes after it began. */
function begun(more: Partial<SyncedIncident> = {}): Story {
  const story = new Story();
  sync(story, more);
  return story;
}

const resolved = { resolvedAt: minute(5), asOf: minute(5) };
const later = { asOf: minute(8), endedAt: minute(8), errorCount: 12 };

describe('a first sync', () => {
  it('declares it as its source has it, with a key that is never given back', () => {
    const story = new Story();
    expect(sync(story, { severity: 'SEV1' }, 10, ['a', 'b'])).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_SYNCED',
    ]);
    expect(story.incident).toMatchObject({
      title: 'reminders: SMTP timeout',
      source: 'reminders',
      severity: 'SEV1',
      status: 'REPORTED',
      detectedAt: start,
      startedAt: start,
      endedAt: start,
      dedupKeys: ['sync:reminders:burst-1'],
      burst: null,
      sync: { key: 'burst-1', errorCount: 8, uniqueTargets: 3, personal: [] },
    });
    expect(story.targets).toEqual(['a', 'b']);
    expect(isKeptForEver(keyOfSync('a:b', 'c:d'))).toBe(true);
    expect(keyOfSync('a:b', 'c')).not.toBe(keyOfSync('a', 'b:c'));
  });

  it('of one that is over declares and resolves it: nothing falls due, and nobody is called', () => {
    const story = new Story();
    expect(sync(story, resolved, 6_000)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_SYNCED',
      'INCIDENT_RESOLVED',
    ]);
    expect(story.incident).toMatchObject({ status: 'RESOLVED', resolution: { automatic: true } });
    expect(story.events.at(-1)?.payload).toMatchObject({ because: 'SYNCED' });
  });
});

const raised = ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_ESCALATED'];

describe('a further sync', () => {
  it.each<[string, Partial<SyncedIncident>, readonly string[]]>([
    ['the same again', {}, []],
    ['later, with more', later, ['INCIDENT_SYNCED']],
    ['earlier', { asOf: minute(-1), errorCount: 99, title: 'Old' }, []],
    ['at once, with fewer errors', { errorCount: 7, title: 'Old' }, []],
    ['at once, with fewer targets', { uniqueTargets: 2 }, []],
    ['at once, under another title', { title: 'New' }, ['INCIDENT_SYNCED']],
    ['later, and fewer: it was counted anew', { asOf: minute(8), errorCount: 1 }, ['INCIDENT_SYNCED']],
    ['more severe', { asOf: minute(8), severity: 'SEV1' }, raised],
    ['earlier, and more severe', { asOf: minute(-1), severity: 'SEV1' }, raised],
    ['less severe, and nothing else', { severity: 'SEV4' }, []],
    ['over', resolved, ['INCIDENT_SYNCED', 'INCIDENT_RESOLVED']],
    [
      'over, though told before it is told later',
      { ...resolved, asOf: minute(-1) },
      ['INCIDENT_SYNCED', 'INCIDENT_RESOLVED'],
    ],
    ['of another key', { ...later, key: 'burst-2' }, []],
    ['of another source', { ...later, source: 'sba' }, []],
  ])('%s', (_name, more, events) => {
    expect(sync(begun(), more, 11)).toEqual(events);
  });

  it('brings everything to where its source has it, and says what is new', () => {
    const story = begun();
    const more = {
      ...later,
      startedAt: minute(-2),
      title: 'Mail',
      latestError: 'Refused',
      latestRunId: null,
    };
    sync(story, { ...more, targetsDigest: 'x' }, 11, ['c']);
    expect(story.incident).toMatchObject({ title: 'Mail', startedAt: minute(-2), endedAt: minute(8) });
    expect(story.incident.sync).toMatchObject(more);
    expect(story.targets).toEqual(['c']);
    const changed = story.events.at(-1)?.payload as { changed: string[] } | undefined;
    expect([...(changed?.changed ?? [])].sort()).toEqual(
      [...Object.keys(more), 'targetsDigest'].filter((field) => field !== 'uniqueTargets').sort(),
    );
  });

  it('still open reopens nothing, whoever resolved it, and late errors are counted all the same', () => {
    const story = begun();
    sync(story, resolved, 11);
    expect(sync(story, later, 12)).toEqual(['INCIDENT_SYNCED']);
    expect(story.incident).toMatchObject({
      status: 'RESOLVED',
      sync: { errorCount: 12, resolvedAt: minute(5) },
    });
  });

  it('does not resolve again what a person reopened, until its source says it anew', () => {
    const story = begun();
    sync(story, resolved, 11);
    story.do('reopenIncident', { reason: 'Still failing' }, { by: ada, atMinute: 12 });
    expect(sync(story, resolved, 13)).toEqual([]);
    expect(sync(story, { ...resolved, ...later, asOf: minute(9) }, 14)).toEqual(['INCIDENT_SYNCED']);
    expect(story.incident.status).toBe('INVESTIGATING');
    expect(sync(story, { resolvedAt: minute(15), asOf: minute(15) }, 15)).toEqual([
      'INCIDENT_SYNCED',
      'INCIDENT_RESOLVED',
    ]);
  });
});

describe('what a person wrote', () => {
  const everything = {
    ...later,
    severity: 'SEV1',
    title: 'Of the source',
    startedAt: minute(-5),
  } as const satisfies Partial<SyncedIncident>;

  it('stays: severity, title and the window of impact, one by one', () => {
    const story = begun();
    story.do('changeIncidentSeverity', { severity: 'SEV2', reason: 'A customer called' }, { by: grace });
    story.do('updateIncident', { title: 'Mail is down', endedAt: minute(1) }, { by: ada });
    expect(sync(story, everything, 11)).toEqual(['INCIDENT_SYNCED']);
    expect(story.incident).toMatchObject({
      severity: 'SEV2',
      title: 'Mail is down',
      startedAt: minute(-5),
      endedAt: minute(1),
      sync: { severity: 'SEV1', title: 'Of the source', endedAt: minute(8) },
    });
    expect([...(story.incident.sync?.personal ?? [])].sort()).toEqual(['endedAt', 'severity', 'title']);
  });

  it('stays also where the source said the same meanwhile, and says otherwise now', () => {
    const story = begun();
    story.do('changeIncidentSeverity', { severity: 'SEV2', reason: 'A customer called' }, { by: grace });
    sync(story, { ...later, severity: 'SEV2' }, 11);
    sync(story, { ...later, asOf: minute(9), severity: 'SEV1' }, 12);
    expect(story.incident.severity).toBe('SEV2');
  });

  it('beside it stays: notes, acknowledgement, roles, status, description and what an alert raised', () => {
    const story = begun();
    story.do('acknowledgeIncident', { note: 'Mine' }, { by: ada });
    story.do('editIncidentNotes', { notes: 'Call the vendor' }, { by: ada });
    story.do('assignIncidentRole', { role: 'COMMANDER', userId: 'grace' }, { by: ada });
    story.do('updateIncident', { description: 'Mail of all customers' }, { by: ada });
    story.do('recordRootCause', rootCause, { by: ada });
    const severity = { severity: 'SEV1', reason: 'An alert joined' } as const;
    story.do('changeIncidentSeverity', severity, { by: alertmanager });
    const before = story.incident;
    sync(story, { ...everything, severity: 'SEV2' }, 11);
    for (const field of [
      'acknowledgement',
      'notes',
      'commanderId',
      'status',
      'description',
      'severity',
    ] as const) {
      expect(story.incident[field]).toBe(before[field]);
    }
  });
});

describe('in each status', () => {
  const rows: Record<IncidentStatus, readonly string[]> = {
    REPORTED: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED'],
    ACKNOWLEDGED: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED'],
    INVESTIGATING: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED'],
    IDENTIFIED: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED'],
    MITIGATED: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED', 'INCIDENT_RESOLVED'],
    // The record is right whichever of two syncs came first.
    RESOLVED: ['INCIDENT_SYNCED', 'INCIDENT_SEVERITY_CHANGED'],
    CLOSED: [],
    CANCELLED: [],
  };
  it.each(Object.entries(rows) as [IncidentStatus, readonly string[]][])('%s', (status, events) => {
    const story = brought(begun(), status);
    expect(sync(story, { severity: 'SEV1', resolvedAt: minute(12), asOf: minute(12) }, 12)).toEqual(events);
  });
});

describe('what a sync tells', () => {
  const report = (more: Partial<IncidentReport> = {}): IncidentReport => ({
    key: 'k',
    severity: 'SEV-1',
    startedAt: start,
    ...more,
  });
  const checked = (incidents: readonly IncidentReport[], source: string | null = 'reminders') =>
    checkedSync({ source, incidents }, minute(10));

  it.each([
    ['SEV1', 'SEV1'],
    ['SEV-2', 'SEV2'],
    [' sev_3 ', 'SEV3'],
    ['Sev 4', 'SEV4'],
    ['SEV5', null],
    ['critical', null],
    ['', null],
  ])('severity %j is %s', (text, severity) => expect(severityOfSync(text)).toBe(severity));

  it('is made whole: title, instant and count of targets follow from the rest', () => {
    const [one] = checked([
      report({
        endedAt: minute(3),
        resolvedAt: minute(8),
        targets: ['b', ' a', 'b'],
        latestError: 'Refused\nat x',
      }),
    ]) as CheckedIncident[];
    expect(one).toMatchObject({
      incident: { title: 'reminders: Refused', asOf: minute(8), uniqueTargets: 2, severity: 'SEV1' },
      targets: ['a', 'b'],
    });
    const [bare] = checked([report({ source: 'sba' })], null) as CheckedIncident[];
    expect(bare?.incident).toMatchObject({ source: 'sba', title: 'sba: k', asOf: start, errorCount: null });
  });

  it('is read as its key is configured, where it says nothing itself', () => {
    const severityMap = [{ text: 'schlimm', severity: 'SEV2' }] as const;
    const configuration = { ...unconfigured, service: 'till', environment: 'live', severityMap };
    const read = (more: Partial<IncidentReport>, defaultSeverity: IncidentSeverity | null = null) =>
      configuredIncident(report(more), { ...configuration, defaultSeverity });
    const own = { service: 'checkout', environment: ' ', severity: 'Schlimm' };
    expect(read(own)).toMatchObject({ service: 'checkout', environment: 'live', severity: 'SEV2' });
    expect(read({ severity: 'sev-1' }, 'SEV4').severity).toBe('SEV1');
    expect(read({ severity: 'odd' }, 'SEV4').severity).toBe('SEV4');
    expect(read({ severity: 'odd' }).severity).toBe('odd');
  });

  it.each<[string, Partial<IncidentReport>, string]>([
    ['no severity', { severity: 'bad' }, 'severity'],
    ['a blank key', { key: ' ' }, 'key'],
    ['an end before the beginning', { endedAt: minute(-1) }, 'endedAt'],
    ['a resolution before the beginning', { resolvedAt: minute(-1) }, 'resolvedAt'],
    ['a beginning to come', { startedAt: minute(16) }, 'startedAt'],
    ['a time to come', { asOf: minute(16) }, 'asOf'],
    ['no instant', { startedAt: 'soon' }, 'startedAt'],
    ['a negative count', { errorCount: -1 }, 'errorCount'],
    ['fewer targets than it lists', { targets: ['a', 'b'], uniqueTargets: 1 }, 'uniqueTargets'],
    ['a blank target', { targets: ['a', ''] }, 'targets.1'],
    [
      'more targets than it may list',
      { targets: Array.from({ length: 1_001 }, (_, n) => `t${n}`) },
      'targets',
    ],
    ['no source', {}, 'source'],
  ])('%s refuses them all, and is named', (_name, more, field) => {
    const refusal = checked(
      [report({ key: 'fine', source: 's' }), report(more)],
      field === 'source' ? null : 's',
    );
    const { fields } = refusal as { fields?: { path: string[] }[] };
    expect(fields?.map(({ path }) => path.join('.'))).toEqual([`incidents.1.${field}`]);
  });

  it('may be the same incident once, and no more than 500', () => {
    expect(checked([report(), report({ source: 'sba' }), report()])).toMatchObject({
      fields: [{ path: ['incidents', '2', 'key'] }],
    });
    for (const count of [0, 501]) {
      const many = Array.from({ length: count }, (_, n) => report({ key: `k${n}` }));
      expect(checked(many)).toMatchObject({ fields: [{ path: ['incidents'] }] });
    }
  });
});
