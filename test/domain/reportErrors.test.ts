import { describe, expect, it } from 'vitest';
import { errorFingerprint } from '../../src/domain/detection/errorFingerprint.ts';
import type { ErrorSeverity, ReportedError } from '../../src/domain/detection/errorReport.ts';
import type { IncidentSeverity } from '../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { ada, alertmanager, grace, reported, rootCause, Story, start } from '../support/given.ts';

const by = alertmanager;

function report(story: Story, ...errors: ReportedError[]) {
  return story.do('reportErrors', { fingerprint: 'timeout', errors }, { by });
}

function at(story: Story, atMinute: number, ...errors: ReportedError[]) {
  return story.do('reportErrors', { fingerprint: 'timeout', errors }, { by, atMinute });
}

const outcomes = (story: Story) => story.errors.map(({ errorId, outcome }) => [errorId, outcome]);

function resolved(): Story {
  const story = new Story();
  report(story, reported('e1'));
  story.do('acknowledgeIncident', {}, { by: ada });
  story.do('recordRootCause', rootCause, { by: ada });
  story.do('resolveIncident', { summary: 'Restarted' }, { by: grace, atMinute: 4 });
  return story;
}

describe('an error without an open incident of its kind', () => {
  const table: Record<ErrorSeverity, IncidentSeverity | null> = {
    P0: 'SEV1',
    CRITICAL: 'SEV1',
    P1: 'SEV2',
    HIGH: 'SEV2',
    P2: null,
    MEDIUM: null,
    LOW: null,
  };
  it.each(Object.entries(table) as [ErrorSeverity, IncidentSeverity | null][])(
    '%s declares %s',
    (severity, to) => {
      const story = new Story();
      report(story, reported('e1', { severity }));
      expect(story.state?.severity ?? null).toBe(to);
      expect(story.errors).toMatchObject([
        { errorId: 'e1', outcome: to === null ? 'RECORDED' : 'CREATED', incidentId: story.state?.id ?? null },
      ]);
    },
  );

  it('is what its incident says', () => {
    const story = new Story();
    const types = report(
      story,
      reported('e1', { correlationKey: 'deploy-7', at: '2025-12-31T23:59:00.000Z' }),
    );
    expect(types).toEqual(['INCIDENT_CREATED', 'INCIDENT_SIGNAL_INGESTED']);
    expect(story.incident).toMatchObject({
      title: 'TimeoutError: Database connection timeout',
      source: 'shop',
      severity: 'SEV1',
      detectedAt: '2025-12-31T23:59:00.000Z',
      reportedAt: start,
      correlationKeys: ['deploy-7'],
      dedupKeys: ['error:timeout'],
      externalRefs: [{ system: 'error', id: 'e1', url: null }],
      reportedBy: { kind: 'INTEGRATION' },
      openSignalCount: 0,
      signalCount: 1,
    });
  });

  it('of the future happened now', () => {
    const story = new Story();
    report(story, reported('e1', { at: '2031-01-01T00:00:00.000Z' }));
    expect(story.incident.detectedAt).toBe(start);
  });

  it('comes together with others: the worst declares, and all are of its incident', () => {
    const story = new Story();
    report(
      story,
      reported('low', { severity: 'LOW' }),
      reported('high', { severity: 'HIGH' }),
      reported('worst'),
    );
    expect(story.incident.severity).toBe('SEV1');
    expect(outcomes(story)).toEqual([
      ['low', 'JOINED'],
      ['high', 'JOINED'],
      ['worst', 'CREATED'],
    ]);
  });
});

describe('an error of an open incident', () => {
  it('joins it whatever its age and severity, and only counts when it is a repeat', () => {
    const story = new Story();
    report(story, reported('e1'));
    expect(at(story, 3_000, reported('e2'))).toEqual(
      expect.not.arrayContaining(['INCIDENT_SIGNAL_INGESTED', 'INCIDENT_CREATED']),
    );
    expect(at(story, 3_001, reported('e3', { severity: 'LOW' }))).toEqual(['INCIDENT_SIGNAL_INGESTED']);
    expect(story.errors.map(({ outcome, repeats }) => [outcome, repeats])).toEqual([
      ['CREATED', false],
      ['JOINED', true],
      ['JOINED', false],
    ]);
    expect(story.incident.severity).toBe('SEV1');
  });

  it('raises it when it is worse than any before, and not when a person lowered it since', () => {
    const story = new Story();
    report(story, reported('e1', { severity: 'HIGH' }));
    expect(report(story, reported('e2', { severity: 'P0' })).slice(0, 2)).toEqual([
      'INCIDENT_SIGNAL_INGESTED',
      'INCIDENT_SEVERITY_CHANGED',
    ]);
    expect(story.incident.severity).toBe('SEV1');
    story.do('changeIncidentSeverity', { severity: 'SEV3', reason: 'Nobody is hit' }, { by: grace });
    expect(report(story, reported('e3'))).toEqual([]);
    expect(story.incident.severity).toBe('SEV3');
  });

  it('changes nothing when it is known', () => {
    const story = new Story();
    report(story, reported('e1'), reported('e1'));
    expect(report(story, reported('e1'))).toEqual([]);
    expect(outcomes(story)).toEqual([['e1', 'CREATED']]);
  });

  it('is another one when another source has its id', () => {
    const story = new Story();
    report(story, reported('e1'), reported('e1', { source: 'billing' }));
    report(story, reported('e1', { source: 'till' }));
    expect(story.errors.map(({ source, outcome, repeats }) => [source, outcome, repeats])).toEqual([
      ['shop', 'CREATED', false],
      ['billing', 'JOINED', true],
      ['till', 'JOINED', true],
    ]);
  });
});

describe('an error that is told again', () => {
  const told = (...severities: ErrorSeverity[]) => severities.map((severity) => reported('e1', { severity }));

  it('under a higher severity declares, raises and is kept beside the first', () => {
    const story = new Story();
    expect(report(story, ...told('LOW'))).toEqual([]);
    expect(report(story, ...told('HIGH'))).toEqual(['INCIDENT_CREATED', 'INCIDENT_SIGNAL_INGESTED']);
    expect(report(story, ...told('P0'))).toEqual(
      expect.arrayContaining(['INCIDENT_SIGNAL_INGESTED', 'INCIDENT_SEVERITY_CHANGED']),
    );
    expect(story.incident.severity).toBe('SEV1');
    expect(story.errors.map(({ severity, outcome }) => [severity, outcome])).toEqual([
      ['LOW', 'RECORDED'],
      ['HIGH', 'CREATED'],
      ['P0', 'JOINED'],
    ]);
  });

  it('under the same severity or a lower one changes nothing, also in one report', () => {
    const story = new Story();
    report(story, ...told('MEDIUM', 'CRITICAL', 'P0', 'HIGH', 'MEDIUM'));
    expect(report(story, ...told('P0', 'CRITICAL', 'LOW'))).toEqual([]);
    expect(story.errors.map(({ severity, outcome }) => [severity, outcome])).toEqual([
      ['MEDIUM', 'JOINED'],
      ['CRITICAL', 'CREATED'],
    ]);
  });
});

describe('an error of an incident that is resolved', () => {
  it('reopens it within 5 minutes of its declaration, to the minute', () => {
    const story = resolved();
    expect(at(story, 5, reported('e2'))).toEqual(['INCIDENT_REOPENED']);
    expect(story.incident.status).toBe('INVESTIGATING');
    expect(outcomes(story)).toEqual([
      ['e1', 'CREATED'],
      ['e2', 'REOPENED'],
    ]);
    expect(story.events.at(-1)).toMatchObject({ at: plusMinutes(start, 5), actor: { kind: 'INTEGRATION' } });
  });

  it('does not later, nor when it is MEDIUM, nor when it is closed', () => {
    const input = (error: ReportedError) => ({ fingerprint: 'timeout', errors: [error] });
    expect(resolved().refusal('reportErrors', input(reported('e2')), { by, atMinute: 6 }).kind).toBe(
      'InvalidTransitionError',
    );
    expect(
      resolved().refusal('reportErrors', input(reported('e2', { severity: 'MEDIUM' })), { by, atMinute: 4 })
        .kind,
    ).toBe('InvalidTransitionError');
  });
});

describe('the fingerprint that is made of an error', () => {
  const of = (message: string, more: Partial<ReportedError> = {}) =>
    errorFingerprint(reported('e', { message, ...more }));

  it.each([
    ['numbers', 'Timeout after 3000 ms', 'timeout  after 12.5 ms'],
    ['ids', 'No user 0190a000-0000-7000-8000-000000000001', 'No user 0190a000-0000-7000-8000-0000000000ff'],
    ['addresses', 'Bounced: ada@example.com', 'Bounced: grace@example.org'],
    ['quoted values', 'No such file "a.txt"', 'No such file "b.txt"'],
    ['URLs', 'GET https://a.example/1 failed', 'GET https://b.example/2?x failed'],
    ['digests', 'Bad commit 3f2a9c1d', 'Bad commit 9e8d7c6b5a'],
  ])('is the same for messages that differ in %s', (_what, one, other) => {
    expect(of(one)).toBe(of(other));
  });

  it('is another for another message, source, component or type', () => {
    const all = [
      of('Timeout'),
      of('Refused'),
      of('Timeout', { source: 'billing' }),
      of('Timeout', { component: null }),
      of('Timeout', { type: 'Error' }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
