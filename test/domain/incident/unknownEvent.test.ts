import { describe, expect, it } from 'vitest';
import type { AdministrationEvent } from '../../../src/domain/administration/events.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import type { IncidentEvent } from '../../../src/domain/incident/events.ts';
import { evolve } from '../../../src/domain/incident/evolve.ts';
import { UnknownEventError } from '../../../src/domain/ledger/unknownEvent.ts';
import { declared } from '../../support/given.ts';

const names = {
  actor: () => 'Ada',
  user: () => 'Grace',
  incident: () => 'INC-001',
  name: () => 'Checkout',
};

describe('an event of a newer program', () => {
  const story = declared();
  story.do('addIncidentNote', { message: 'n' });
  const known = story.events.at(-1) as IncidentEvent;
  const before = { ...story.incident, version: known.version - 1 };

  it.each([
    ['of a type nobody knows here', { ...known, type: 'INCIDENT_TELEPORTED' }],
    ['of a known type in a newer version', { ...known, typeVersion: 2 }],
  ])('%s makes no state', (_what, event) => {
    expect(() => evolve(before, event as IncidentEvent)).toThrow(UnknownEventError);
  });

  it('that is the first of its incident makes none either', () => {
    const event = { ...(story.events[0] as IncidentEvent), typeVersion: 2 };
    expect(() => evolve(null, event as unknown as IncidentEvent)).toThrow(UnknownEventError);
  });

  it('still reads as a sentence, in either ledger', () => {
    const event = { ...known, type: 'INCIDENT_TELEPORTED' };
    expect(describeEvent(event as never, names)).toBe('Ada: INCIDENT_TELEPORTED.');
    const { incident: _, ...administration } = { ...known, type: 'MOON_ADDED' };
    expect(describeEvent(administration as never as AdministrationEvent, names)).toBe('Ada: MOON_ADDED.');
  });
});
