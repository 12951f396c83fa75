import { describe, expect, it } from 'vitest';
import type { IncidentCommand } from '../../../src/domain/incident/commands.ts';
import { alertmanager, declared, grace, inStatus, Story, scheduler, start } from '../../support/given.ts';

describe('what is already so', () => {
  it.each<[string, IncidentCommand]>([
    ['a title', { name: 'updateIncident', input: { title: ' Checkout is down ' } }],
    ['no change at all', { name: 'updateIncident', input: {} }],
    ['a service by another case', { name: 'updateIncident', input: { service: 'CHECKOUT' } }],
    ['a cleared field', { name: 'updateIncident', input: { impact: null } }],
    ['a tag', { name: 'addIncidentTag', input: { tag: 'web' } }],
    ['a missing tag', { name: 'removeIncidentTag', input: { tag: 'db' } }],
    ['a missing ticket', { name: 'unlinkIncidentTicket', input: { url: 'https://t.example/9' } }],
    ['nobody', { name: 'assignIncident', input: { userId: null } }],
    ['nothing to assign', { name: 'assignIncident', input: {} }],
    ['an empty role', { name: 'assignIncidentRole', input: { role: 'COMMANDER', userId: null } }],
    ['a role left alone', { name: 'assignIncidentRole', input: { role: 'COMMANDER' } }],
    ['no services', { name: 'setAffectedServices', input: { services: [] } }],
    ['empty notes', { name: 'editIncidentNotes', input: { notes: '' } }],
    ['an internal entry', { name: 'setTimelineVisibility', input: { sequence: 1, isPublic: false } }],
    ['a status', { name: 'changeIncidentStatus', input: { status: 'REPORTED' } }],
    ['an acknowledgement nobody gave', { name: 'unacknowledgeIncident', input: {} }],
  ])('%s: no event, and success', (_what, { name, input }) => {
    const story = declared({ service: 'Checkout', tags: ['web'] });
    expect(story.do(name, input)).toEqual([]);
    expect(story.incident.version).toBe(1);
  });
});

describe('details', () => {
  it('edits only what differs: absent leaves, null clears', () => {
    const story = declared({ impact: 'All customers', environment: 'production' });
    story.do('updateIncident', { title: 'Checkout is slow', impact: null, description: 'p99 over 4 s' });
    expect(story.events.at(-1)?.payload).toEqual({
      changes: { title: 'Checkout is slow', description: 'p99 over 4 s', impact: null },
    });
    expect(story.incident).toMatchObject({ impact: null, environment: 'production' });
  });

  it('lets the impact window end no earlier than it starts, or in the future', () => {
    const story = declared({ startedAt: start });
    expect(story.problems('updateIncident', { endedAt: '2025-12-31T00:00:00.000Z' })).toEqual(['endedAt']);
    expect(story.problems('updateIncident', { endedAt: '2026-01-01T00:07:00.000Z' })).toEqual(['endedAt']);
    story.do('updateIncident', { endedAt: '2026-01-01T00:05:00.000Z' });
    expect(story.problems('updateIncident', { startedAt: '2026-01-01T00:06:00.000Z' })).toEqual([
      'startedAt',
    ]);
  });

  it('assigns members only', () => {
    const story = declared();
    expect(story.problems('assignIncident', { userId: 'mallory' })).toEqual(['userId']);
    expect(story.problems('assignIncidentRole', { role: 'TECH_LEAD', userId: 'mallory' })).toEqual([
      'userId',
    ]);
    story.do('assignIncident', { userId: 'grace', ownerTeam: 'Payments' });
    story.do('assignIncidentRole', { role: 'TECH_LEAD', userId: 'ada' });
    story.do('assignIncident', { ownerTeam: null });
    expect(story.incident).toMatchObject({ assigneeId: 'grace', ownerTeamId: null, techLeadId: 'ada' });
  });

  it('replaces a ticket of the same URL, and does not forget its key', () => {
    const story = declared();
    const url = 'https://tickets.example/1';
    story.do('linkIncidentTicket', { url, key: 'OPS-1' });
    expect(story.do('linkIncidentTicket', { url, key: null })).toEqual([]);
    story.do('linkIncidentTicket', { url, key: 'OPS-2' });
    expect(story.incident.tickets).toEqual([{ url, key: 'OPS-2' }]);
    expect(story.problems('linkIncidentTicket', { url: 'javascript:alert(1)', key: null })).toEqual(['url']);
  });

  it('holds at most 50 tags and 50 tickets', () => {
    const story = declared({ tags: Array.from({ length: 50 }, (_, index) => `tag-${index}`) });
    expect(story.problems('addIncidentTag', { tag: 'one more' })).toEqual(['tag']);
    expect(story.do('addIncidentTag', { tag: 'tag-3' })).toEqual([]);
    for (let index = 0; index < 50; index++) {
      story.do('linkIncidentTicket', { url: `https://tickets.example/${index}`, key: null });
    }
    expect(story.problems('linkIncidentTicket', { url: 'https://tickets.example/50', key: null })).toEqual([
      'url',
    ]);
  });

  it('takes the same services in another order for the same', () => {
    const story = declared();
    const a = { name: 'a', impact: 'DEGRADED' } as const;
    const b = { name: 'b', impact: 'TOTAL_OUTAGE' } as const;
    story.do('setAffectedServices', { services: [a, b] });
    expect(story.do('setAffectedServices', { services: [b, a] })).toEqual([]);
    expect(story.problems('setAffectedServices', { services: [a, { ...a, name: 'A ' }] })).toEqual([
      'services.1.name',
    ]);
  });

  it('takes two names of one service for that service listed twice', () => {
    const story = declared();
    const services = (names: readonly string[]) =>
      names.map((name) => ({ name, impact: 'DEGRADED' as const }));
    story.do('setAffectedServices', { services: services(['Checkout', 'Search']) });
    story.alias('SERVICE', 'Cart', 'Checkout');
    expect(story.problems('setAffectedServices', { services: services(['Cart', 'Checkout']) })).toEqual([
      'services.1.name',
    ]);
    expect(story.do('setAffectedServices', { services: services(['Search', 'Cart']) })).toEqual([]);
  });

  it('writes an action as the last action, and one of kind NOTE as a note', () => {
    const story = declared();
    expect(story.do('addIncidentAction', { kind: 'NOTE', label: 'Called', details: 'No answer' })).toEqual([
      'INCIDENT_NOTE_ADDED',
    ]);
    expect(story.events.at(-1)?.payload).toEqual({ message: 'Called\nNo answer' });
    expect(story.incident).toMatchObject({ actionCount: 0, lastAction: null });
    story.do('addIncidentAction', { kind: 'PAGE', label: 'Paged' });
    expect(story.incident).toMatchObject({ actionCount: 1, lastAction: { kind: 'PAGE', label: 'Paged' } });
  });
});

describe('notes', () => {
  it('keeps a splice, not the document', () => {
    const story = declared();
    story.do('editIncidentNotes', { notes: 'Call the vendor' });
    story.do('editIncidentNotes', { notes: 'Call the other vendor', expectedNotesVersion: 1 });
    expect(story.events.at(-1)?.payload).toEqual({
      notesVersion: 2,
      offset: 9,
      deleted: 0,
      inserted: 'other ',
    });
    expect(story.incident).toMatchObject({ notes: 'Call the other vendor', notesVersion: 2 });
  });

  it('refuses an edit of an older version with the current one', () => {
    const story = declared();
    story.do('editIncidentNotes', { notes: 'One' });
    expect(story.refusal('editIncidentNotes', { notes: 'Two', expectedNotesVersion: 0 })).toMatchObject({
      kind: 'ConflictError',
      currentVersion: 1,
    });
  });
});

describe('visibility', () => {
  it('is false by default, changed by an event, and the original is not rewritten', () => {
    const story = inStatus('INVESTIGATING');
    expect(story.events.every((event) => !event.isPublic)).toBe(true);
    story.do('setTimelineVisibility', { sequence: 2, isPublic: true, reason: 'Tell customers' });
    expect(story.events[1]?.isPublic).toBe(false);
    expect(story.do('setTimelineVisibility', { sequence: 2, isPublic: true })).toEqual([]);
    expect(story.problems('setTimelineVisibility', { sequence: 99, isPublic: true })).toEqual(['sequence']);
  });
});

describe('signals', () => {
  const log = {
    type: 'LOG',
    source: 'app',
    summary: 'Errors',
    fingerprint: 'f1',
    correlationKey: 'k1',
  } as const;

  it('joins its correlation key, and counts a repeat without an event', () => {
    const story = declared();
    story.do('attachSignal', log);
    expect(story.incident).toMatchObject({ signalCount: 1, openSignalCount: 0, correlationKeys: ['k1'] });
    const repeat = story.when('attachSignal', { ...log, at: start });
    expect(repeat).toMatchObject({
      ok: true,
      events: [],
      signalRepeats: [{ signalId: story.incident.primarySignalId, at: start }],
    });
  });

  it('keeps the data out of the ledger and its digest in it', () => {
    const decision = declared().when('attachSignal', { ...log, data: { json: '{"a":1}', digest: 'd1' } });
    const event = decision.ok ? decision.events[0] : undefined;
    expect(event).toMatchObject({ payload: { dataDigest: 'd1', firing: false, keyJoined: true } });
    expect(JSON.stringify(event)).not.toContain('"a"');
    expect(decision).toMatchObject({ signalData: [{ json: '{"a":1}' }] });
  });

  it('from the 51st key on leaves it on the signal', () => {
    const story = declared({ correlationKeys: Array.from({ length: 50 }, (_, index) => `key-${index}`) });
    story.do('attachSignal', log);
    expect(story.events.at(-1)?.payload).toMatchObject({ correlationKey: 'k1', keyJoined: false });
    expect(story.incident.correlationKeys).toHaveLength(50);
    story.do('attachSignal', { ...log, fingerprint: 'f2', correlationKey: 'key-7' });
    expect(story.events.at(-1)?.payload).toMatchObject({ keyJoined: true });
  });
});

describe('escalating by hand', () => {
  it.each([
    ['ON_CALL', 1, true],
    ['SUPERVISOR', 2, false],
    ['DIRECTOR', 3, false],
    ['SLACK', 0, false],
  ] as const)('to %s raises the level to %i', (target, level, pages) => {
    const story = declared();
    story.do('escalateIncident', { target, note: 'Please' });
    expect(story.events.at(-1)?.payload).toMatchObject({
      reason: 'MANUAL',
      level,
      target,
      base: null,
      note: 'Please',
    });
    expect(story.incident).toMatchObject({
      escalationLevel: level,
      pagingRequestedAt: pages ? story.incident.updatedAt : null,
      firedRules: [],
    });
  });

  it('never lowers the level', () => {
    const story = declared();
    story.do('escalateIncident', { target: 'DIRECTOR' });
    story.do('escalateIncident', { target: 'ON_CALL' });
    story.do('escalateIncident', { target: 'SLACK' });
    expect(story.incident.escalationLevel).toBe(3);
  });
});

describe('versions and activity', () => {
  it('materialVersion ignores signals, SLA notices, escalations and notes edits', () => {
    const story = declared({ severity: 'SEV1' });
    story.do('fireDeadlines', {}, { by: scheduler, atMinute: 15 });
    story.do('attachSignal', { type: 'LOG', source: 'app', summary: 'Errors' });
    story.do('editIncidentNotes', { notes: 'x' });
    story.do('escalateIncident', { target: 'SLACK' });
    expect(story.incident).toMatchObject({ version: 7, materialVersion: 1 });
    story.do('addIncidentNote', { message: 'Looking' });
    expect(story.incident).toMatchObject({ version: 8, materialVersion: 8 });
  });

  it('activity is what people do, signals and escalations; not an SLA notice, nor an integration', () => {
    const story = declared({ severity: 'SEV3' });
    story.do('acknowledgeIncident', {}, { by: alertmanager, atMinute: 10 });
    expect(story.incident.lastActivityAt).toBe(start);
    story.do('addIncidentNote', { message: 'Hm' }, { by: grace, atMinute: 20 });
    expect(story.incident.lastActivityAt).toBe('2026-01-01T00:20:00.000Z');
    story.do(
      'attachSignal',
      { type: 'LOG', source: 'app', summary: 'x' },
      { by: alertmanager, atMinute: 30 },
    );
    expect(story.incident.lastActivityAt).toBe('2026-01-01T00:30:00.000Z');
  });

  it('a backwards clock never makes an event older than the one before', () => {
    const story = new Story();
    story.do('declareIncident', { title: 'Down', severity: 'SEV3' }, { atMinute: 10 });
    story.do('acknowledgeIncident', {}, { atMinute: 5 });
    expect(story.events[1]?.at).toBe(story.events[0]?.at);
  });
});
