import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/domain/incident/decide.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import {
  type IncidentSeverity,
  type IncidentStatus,
  type SessionGateRelease,
  severities,
  statuses,
} from '../../../src/domain/incident/vocabulary.ts';
import { plusMinutes } from '../../../src/domain/instant.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { blocking, gated, gateSteps, minutes, plannedAt } from '../../support/gated.ts';
import {
  ada,
  alertmanager,
  declared,
  grace,
  inStatus,
  type Story,
  scheduler,
  start,
} from '../../support/given.ts';
import { commandOf, type Row, withOther } from '../../support/outcome.ts';

describe('what is planned', () => {
  const table: Record<IncidentSeverity, [byDefault: number | null, forSevere: number | null]> = {
    SEV1: [minutes, minutes],
    SEV2: [null, minutes],
    SEV3: [null, null],
    SEV4: [null, null],
  };
  it.each(severities)('%s', (severity) => {
    expect([
      plannedAt(declared({ severity }, gated())),
      plannedAt(declared({ severity }, gated({ severities: ['SEV1', 'SEV2'] }))),
    ]).toEqual(table[severity]);
  });

  it('is nothing by default, nor for a drill', () => {
    expect(plannedAt(declared({ severity: 'SEV1' }))).toBeNull();
    expect(plannedAt(declared({ severity: 'SEV1', mode: 'DRILL' }, gated()))).toBeNull();
  });

  it('counts from the report, however early it was detected', () => {
    const story = declared({ severity: 'SEV1', detectedAt: plusMinutes(start, -300) }, gated());
    expect(plannedAt(story)).toBe(minutes);
    expect(gateSteps(story)).toEqual([]);
  });

  /** Every status but the first is reached by acknowledging, one way or another. */
  const byStatus: Record<IncidentStatus, number | null> = {
    REPORTED: minutes,
    ACKNOWLEDGED: null,
    INVESTIGATING: null,
    IDENTIFIED: null,
    MITIGATED: null,
    RESOLVED: null,
    CLOSED: null,
    CANCELLED: null,
  };
  it.each(statuses)('in %s', (status) => {
    expect(plannedAt(inStatus(status, { severity: 'SEV1' }, gated()))).toBe(byStatus[status]);
  });

  it('begins anew with the acknowledgement taken back, and with a reopening that nobody acknowledged', () => {
    const given = declared({ severity: 'SEV1' }, gated());
    given.do('acknowledgeIncident', {}, { atMinute: 60 });
    given.do('unacknowledgeIncident', {}, { atMinute: 100 });
    expect(plannedAt(given)).toBe(100 + minutes);
    const everything = { autoResolve: { ...defaultPolicy.autoResolve, staleSeverities: severities } };
    const left = declared({ severity: 'SEV1' }, { ...gated({ afterMinutes: 9_000 }), ...everything });
    for (const atMinute of [240, 5_000]) left.do('fireDeadlines', {}, { by: scheduler, atMinute });
    expect(left.incident.status).toBe('RESOLVED');
    left.do('reopenIncident', { reason: 'It is back' }, { atMinute: 6_000 });
    expect(plannedAt(left)).toBe(6_000 + 9_000);
  });
});

describe('the block', () => {
  it('begins once, not early, by SYSTEM, in the administration ledger only', () => {
    const story = declared({ severity: 'SEV1' }, gated());
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: minutes - 0.001 });
    expect(gateSteps(story)).toEqual([]);
    const before = story.incident;
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: minutes });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: minutes });
    story.do('addIncidentNote', { message: 'Still nobody' }, { atMinute: 150 });
    expect(story.administrationEvents).toEqual([
      {
        type: 'SESSION_GATE_BLOCKED',
        typeVersion: 1,
        policyVersion: 1,
        commandId: story.administrationEvents[0]?.commandId,
        actor: scheduler,
        at: plusMinutes(start, minutes),
        payload: {
          incidentId: before.id,
          incidentVersion: before.version,
          severity: 'SEV1',
          unacknowledgedSince: start,
          dueAt: plusMinutes(start, minutes),
        },
      },
    ]);
    expect(plannedAt(story)).toBeNull();
  });

  it.each<[string, (story: Story) => void]>([
    ['a note', (story) => story.do('addIncidentNote', { message: 'Hm' }, { atMinute: 130 })],
    [
      'a repeat that changes nothing',
      (story) => story.do('removeIncidentTag', { tag: 'x' }, { atMinute: 130 }),
    ],
    ['a re-planning', (story) => story.do('replanIncident', {}, { by: scheduler, atMinute: 130 })],
  ])('is written first by whatever comes after the instant: %s', (_what, act) => {
    const story = declared({ severity: 'SEV1' }, gated());
    act(story);
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED']);
    expect(story.gateBlockedAt).toBe(plusMinutes(start, 130));
  });

  it('is no part of a refused command', () => {
    const story = declared({ severity: 'SEV1' }, gated());
    expect(story.refusal('resolveIncident', { summary: 'Done' }, { atMinute: 130 }).code).toBe(
      'WORKFLOW_GATE_UNMET',
    );
    expect(gateSteps(story)).toEqual([]);
  });

  it('a moment before the acknowledgement follows it, a moment later it never begins', () => {
    const late = declared({ severity: 'SEV1' }, gated());
    late.do('acknowledgeIncident', {}, { atMinute: minutes });
    expect(gateSteps(late)).toEqual(['SESSION_GATE_BLOCKED', 'released: ACKNOWLEDGED']);
    const early = declared({ severity: 'SEV1' }, gated());
    early.do('acknowledgeIncident', {}, { atMinute: minutes - 0.001 });
    early.do('fireDeadlines', {}, { by: scheduler, atMinute: 5_000 });
    expect(gateSteps(early)).toEqual([]);
  });

  it('begins at once when the severity is raised into it after the instant', () => {
    const story = declared({ severity: 'SEV3' }, gated());
    story.do('changeIncidentSeverity', { severity: 'SEV1', reason: 'Worse' }, { by: grace, atMinute: 300 });
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED']);
    expect(story.administrationEvents[0]).toMatchObject({
      actor: scheduler,
      payload: { severity: 'SEV1', unacknowledgedSince: start, dueAt: plusMinutes(start, minutes) },
    });
  });

  it('comes again when the acknowledgement is taken back for as long', () => {
    const story = blocking();
    story.do('acknowledgeIncident', {}, { atMinute: 130 });
    story.do('unacknowledgeIncident', {}, { atMinute: 140 });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 259.999 });
    expect(gateSteps(story)).toHaveLength(2);
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 260 });
    expect(gateSteps(story)).toEqual([
      'SESSION_GATE_BLOCKED',
      'released: ACKNOWLEDGED',
      'SESSION_GATE_BLOCKED',
    ]);
  });
});

describe('a blocking incident', () => {
  const stays = null;
  const refused = null;
  /** What ends the block, of every command that an SRE lead may send to an incident that nobody has acknowledged. */
  const table: Record<Row, SessionGateRelease | null> = {
    acknowledgeIncident: 'ACKNOWLEDGED',
    'changeIncidentStatus ACKNOWLEDGED': 'ACKNOWLEDGED',
    'changeIncidentStatus INVESTIGATING': 'ACKNOWLEDGED',
    'changeIncidentStatus MITIGATED': 'ACKNOWLEDGED',
    cancelIncident: 'CANCELLED',
    mergeIncidents: 'CANCELLED',
    splitSignal: refused,
    changeIncidentSeverity: 'SEVERITY_CHANGED',
    'changeIncidentStatus REPORTED': stays,
    'changeIncidentStatus IDENTIFIED': refused,
    'changeIncidentStatus RESOLVED': refused,
    'changeIncidentStatus CLOSED': refused,
    'changeIncidentStatus CANCELLED': refused,
    declareIncident: refused,
    resolveIncident: refused,
    closeIncident: refused,
    reopenIncident: refused,
    recordRootCause: refused,
    verifyRootCause: refused,
    unacknowledgeIncident: stays,
    snoozeIncident: stays,
    updateIncident: stays,
    assignIncident: stays,
    assignIncidentRole: stays,
    addIncidentNote: stays,
    editIncidentNotes: stays,
    setTimelineVisibility: stays,
    addIncidentTag: stays,
    removeIncidentTag: stays,
    linkIncidentTicket: stays,
    unlinkIncidentTicket: stays,
    setAffectedServices: stays,
    addIncidentAction: stays,
    attachSignal: stays,
    recordSloViolation: stays,
    escalateIncident: stays,
    receiveSignals: stays,
    reportErrors: stays,
    reportRuns: stays,
    syncIncidents: stays,
    runBulkAction: stays,
    cancelBulkAction: stays,
    finishBulkAction: stays,
    fireDeadlines: stays,
    replanIncident: stays,
  };
  it.each(Object.entries(table) as [Row, SessionGateRelease | null][])('%s: %s', (row, reason) => {
    const story = withOther(blocking());
    const decision = decide(commandOf(row), story.state, story.context({ by: grace }));
    if (decision.ok) story.apply(decision);
    const expected = reason === null ? [] : [`released: ${reason}`];
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED', ...expected]);
    expect(story.gateBlockedAt).toBe(reason === null ? plusMinutes(start, minutes) : null);
  });

  it('is released by whoever did it, with what it left behind and how long it had blocked', () => {
    const story = blocking();
    story.do('acknowledgeIncident', {}, { by: ada, atMinute: 130 });
    expect(story.administrationEvents[1]).toMatchObject({
      type: 'SESSION_GATE_RELEASED',
      actor: ada,
      at: plusMinutes(start, 130),
      payload: {
        incidentId: story.incident.id,
        incidentVersion: story.incident.version,
        blockedAt: plusMinutes(start, minutes),
        reason: 'ACKNOWLEDGED',
      },
    });
  });

  it('is released when its source resolves it, and when it resolves itself', () => {
    const onClear = { autoResolve: { ...defaultPolicy.autoResolve, resolveOnClear: severities } };
    const cleared = declared({ severity: 'SEV1' }, { ...gated(), ...onClear });
    const declare = { title: 'Alert', severity: 'SEV1' } as const;
    const delivery = { dedupKey: 'k', declare, firing: [], cleared: [], severity: null, resolve: true };
    cleared.do('receiveSignals', delivery, { by: alertmanager, atMinute: 130 });
    expect(gateSteps(cleared)).toEqual(['SESSION_GATE_BLOCKED', 'released: RESOLVED']);
    const stale = { autoResolve: { ...defaultPolicy.autoResolve, staleSeverities: severities } };
    const silent = declared({ severity: 'SEV1' }, { ...gated(), ...stale });
    for (const atMinute of [240, 5_000]) silent.do('fireDeadlines', {}, { by: scheduler, atMinute });
    expect(gateSteps(silent)).toEqual(['SESSION_GATE_BLOCKED', 'released: RESOLVED']);
    expect(silent.administrationEvents[1]?.actor).toEqual(scheduler);
  });

  it('stays blocking from one gated severity to another', () => {
    const story = declared({ severity: 'SEV1' }, gated({ severities: ['SEV1', 'SEV2'] }));
    story.do('changeIncidentSeverity', { severity: 'SEV2', reason: 'Less' }, { by: grace, atMinute: 130 });
    expect(gateSteps(story)).toEqual(['SESSION_GATE_BLOCKED']);
  });
});

it('tells a block and what ends it in sentences', () => {
  const names = {
    actor: ({ id }: { id: string | null }) => id ?? 'Warroom',
    user: () => '',
    name: () => '',
    incident: () => 'INC-007',
  };
  const said = (act: (story: Story) => void) => {
    const story = blocking();
    act(story);
    return story.administrationEvents.map((event) => describeEvent(event, names)).at(-1);
  };
  expect(said(() => {})).toBe(
    `INC-007 blocks sessions: it is SEV1 and has been unacknowledged since ${start}.`,
  );
  expect(said((story) => story.do('acknowledgeIncident', {}))).toBe(
    'ada acknowledged INC-007: it blocks sessions no longer.',
  );
  expect(said((story) => story.do('cancelIncident', { reason: 'No' }, { by: grace }))).toBe(
    'grace cancelled INC-007: it blocks sessions no longer.',
  );
});
