import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { type EntryFact, noFacts } from '../../../src/domain/administration/facts.ts';
import { platform } from '../../../src/domain/administration/platform.ts';
import { publicText } from '../../../src/domain/administration/publicText.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import type { IncidentEvent } from '../../../src/domain/incident/events.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { start } from '../../support/given.ts';

const sol: Actor = { kind: 'USER', id: 'sol', role: 'ORG_ADMIN' };
const note = {
  type: 'INCIDENT_NOTE_ADDED',
  payload: { message: 'Sign-in is slow.' },
  incident: 'incident',
  at: start,
  severity: 'SEV2',
  statusAfter: 'INVESTIGATING',
} as IncidentEvent;
const proposed: EntryFact = {
  event: note,
  title: 'Sign-in',
  mode: 'STANDARD',
  isPublic: true,
  published: null,
};
const approved = { message: 'Sign-in is slow.', title: 'Sign-in' };

function decide(
  command: AdministrationCommand,
  entry: EntryFact | null,
  where: string = platform.organizationId,
) {
  return decideAdministration(command, {
    organizationId: where,
    commandId: 'command',
    actor: sol,
    scopes: ['READ', 'RESPOND', 'ADMIN'],
    at: start,
    policy: defaultPolicy,
    facts: { ...noFacts, entry: (sequence) => (sequence === 7 && entry !== null ? entry : undefined) },
  });
}

const approve = (message?: string | null): AdministrationCommand => ({
  name: 'approvePlatformEvent',
  input: { sequence: 7, ...(message !== undefined && { message }) },
});
const withdraw: AdministrationCommand = { name: 'withdrawPlatformEvent', input: { sequence: 7 } };

const eventsOf = (decision: ReturnType<typeof decide>) =>
  decision.ok ? decision.events.map(({ type, payload }) => ({ type, payload })) : decision.refusal;
const published = {
  ofSequence: 7,
  incidentId: 'incident',
  ...approved,
  severity: 'SEV2',
  status: 'INVESTIGATING',
  at: start,
};

describe('approving an entry', () => {
  it.each([
    ['without words: in its own', approve(), proposed, published],
    ['in other words', approve(' Slow. '), proposed, { ...published, message: 'Slow.' }],
    ['with blank words: in its own', approve(' '), proposed, published],
    [
      'again in other words',
      approve('Slow.'),
      { ...proposed, published: approved },
      { ...published, message: 'Slow.' },
    ],
    [
      'again under another title',
      approve(),
      { ...proposed, title: 'Signing in', published: approved },
      { ...published, title: 'Signing in' },
    ],
  ] as const)('%s', (_name, command, entry, payload) => {
    expect(eventsOf(decide(command, entry))).toEqual([{ type: 'PLATFORM_EVENT_APPROVED', payload }]);
  });

  it('that is approved so already writes nothing', () => {
    expect(eventsOf(decide(approve(), { ...proposed, published: approved }))).toEqual([]);
  });

  it.each([
    ['that is not there', approve(), null, 'sequence'],
    ['that is internal', approve(), { ...proposed, isPublic: false }, 'sequence'],
    ['of a drill', approve(), { ...proposed, mode: 'DRILL' }, 'sequence'],
    ['in too many words', approve('x'.repeat(7_001)), proposed, 'message'],
    [
      'that has no words for everybody',
      approve(),
      { ...proposed, event: { ...note, type: 'INCIDENT_NOTES_EDITED' } as IncidentEvent },
      'message',
    ],
  ] as const)('%s is refused', (_name, command, entry, path) => {
    expect(eventsOf(decide(command, entry))).toMatchObject({
      kind: 'ValidationError',
      fields: [{ path: [path] }],
    });
  });

  it('is for the platform organization alone', () => {
    for (const command of [approve(), withdraw]) {
      expect(eventsOf(decide(command, proposed, 'another'))).toMatchObject({
        kind: 'ValidationError',
        fields: [{ path: ['sequence'] }],
      });
    }
  });
});

describe('taking an approval back', () => {
  it('writes so once', () => {
    expect(eventsOf(decide(withdraw, { ...proposed, published: approved }))).toEqual([
      { type: 'PLATFORM_EVENT_WITHDRAWN', payload: { ofSequence: 7, incidentId: 'incident' } },
    ]);
    expect(eventsOf(decide(withdraw, proposed))).toEqual([]);
    expect(eventsOf(decide(withdraw, null))).toMatchObject({ kind: 'ValidationError' });
  });
});

describe('what an event says to everybody', () => {
  it.each([
    ['INCIDENT_STATUS_CHANGED', { to: 'MITIGATED', message: null }, 'The status is MITIGATED now.'],
    ['INCIDENT_STATUS_CHANGED', { to: 'MITIGATED', message: 'Better.' }, 'Better.'],
    ['INCIDENT_SEVERITY_CHANGED', { to: 'SEV1', reason: 'secret' }, 'The severity is SEV1 now.'],
    ['INCIDENT_CREATED', { title: 'secret', description: 'secret' }, 'This incident was reported.'],
    ['INCIDENT_ACKNOWLEDGED', { note: 'secret' }, 'Somebody is at work on it.'],
    ['INCIDENT_RESOLVED', { summary: 'secret' }, 'This incident is resolved.'],
    ['INCIDENT_REOPENED', { reason: 'secret' }, 'This incident is open again.'],
    ['INCIDENT_CANCELLED', { reason: 'secret' }, 'This incident was cancelled.'],
    ['INCIDENT_CLOSED', { lessonsLearned: 'secret' }, 'This incident is closed.'],
    ['INCIDENT_ROOT_CAUSE_RECORDED', { summary: 'secret' }, null],
  ])('%s: %o', (type, payload, text) => {
    expect(publicText({ ...note, type, payload } as unknown as IncidentEvent)).toBe(text);
  });
});

describe('in a sentence', () => {
  const names = {
    actor: () => 'Sol',
    user: () => '',
    incident: () => 'INC-001',
    name: () => '',
  };

  it('says what was approved, and what no longer is', () => {
    const shown = decide(approve(), proposed);
    const hidden = decide(withdraw, { ...proposed, published: approved });
    const sentences = [shown, hidden].flatMap((decision) =>
      decision.ok ? decision.events.map((event) => describeEvent(event, names)) : [],
    );
    expect(sentences).toEqual([
      'Sol approved event 7 of INC-001 for every organization to see: Sign-in is slow.',
      'Sol took back that every organization sees event 7 of INC-001.',
    ]);
  });
});
