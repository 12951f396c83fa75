import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import type { IncidentEvent } from '../../../src/domain/incident/events.ts';
import { evolve } from '../../../src/domain/incident/evolve.ts';
import { bodyLimit, largeBodyLimit, stateLimit, stateSize } from '../../../src/domain/incident/oversize.ts';
import { type IncidentState, listLimit } from '../../../src/domain/incident/state.ts';
import { decodeBody, encodeBody } from '../../../src/domain/ledger/body.ts';
import { textProblem } from '../../../src/domain/textProblem.ts';
import { anyCommand } from '../../support/anyCommand.ts';
import { ada, alertmanager, declared, grace, key, Story, scheduler } from '../../support/given.ts';

const steps = fc.array(
  fc.record({
    command: anyCommand,
    by: fc.constantFrom(ada, grace, key, alertmanager, scheduler),
    minutes: fc.constantFrom(0, 0, 1, 5, 60, 1_500),
  }),
  { minLength: 1, maxLength: 120, size: 'max' },
);

/** Most histories begin with a declaration that is fine. */
const mostly = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false));

/** Plays a random history; what is refused is left out. */
function play(history: typeof steps extends fc.Arbitrary<infer H> ? H : never, begun: boolean): Story {
  const story = begun ? declared({ severity: 'SEV2' }) : new Story();
  story.signals.set('waiting', null);
  story.signals.set('taken', 'another');
  let minute = 0;
  for (const { command, by, minutes } of history) {
    minute += minutes;
    const decision = story.when(command.name, command.input, { by, atMinute: minute });
    if (decision.ok) story.apply(decision);
  }
  return story;
}

function replayed(bodies: readonly string[]): IncidentState | null {
  return bodies.reduce<IncidentState | null>((state, body) => evolve(state, decodeBody(body)), null);
}

const names = { actor: () => 'Ada', user: () => 'Grace', name: () => 'checkout', incident: () => 'INC-001' };

/** Every text in an event that a person or connector wrote must be fit for database, JSON and hash. */
function unfit(event: IncidentEvent): string | null {
  return textProblem(encodeBody(event).replaceAll(/\\n|\\t/g, ''), 0, 1_000_000);
}

describe('any history', () => {
  it('is dense, folds back from its bodies, and stays within its bounds; deciding never throws', () => {
    fc.assert(
      fc.property(steps, mostly, (history, begun) => {
        const story = play(history, begun);
        const bodies = story.events.map(encodeBody);
        expect(story.events.map((event) => event.version)).toEqual(story.events.map((_, index) => index + 1));
        expect(replayed(bodies)).toEqual(story.state);
        for (const [index, event] of story.events.entries()) {
          const before = story.events[index - 1];
          expect(event.statusBefore).toBe(before?.statusAfter ?? null);
          expect(event.at >= (before?.at ?? '')).toBe(true);
          expect(bodies[index]?.length).toBeLessThanOrEqual(limitOf(event));
          expect(unfit(event)).toBeNull();
          expect(describeEvent(event, names).length).toBeLessThan(1_000);
        }
        if (story.state !== null) expectBounded(story.state);
      }),
      { numRuns: 100 },
    );
  });
});

function limitOf({ type }: IncidentEvent): number {
  const large =
    type === 'INCIDENT_CREATED' || type === 'INCIDENT_UPDATED' || type === 'INCIDENT_NOTES_EDITED';
  return large ? largeBodyLimit : bodyLimit;
}

function expectBounded(state: IncidentState): void {
  expect(stateSize(state)).toBeLessThanOrEqual(stateLimit);
  for (const value of Object.values(state)) {
    if (Array.isArray(value)) expect(value.length).toBeLessThanOrEqual(listLimit);
  }
  for (const sla of [state.acknowledgeSla, state.resolveSla]) {
    const ends = [sla.metAt, sla.breachedAt, sla.endedAt].filter((end) => end !== null);
    expect(ends.length).toBeLessThanOrEqual(1);
  }
  expect(state.materialVersion).toBeLessThanOrEqual(state.version);
  expect(state.openSignalCount).toBeLessThanOrEqual(state.signalCount);
  expect(state.resolution === null).toBe(state.resolvedAt === null);
  expect(state.status === 'REPORTED' ? state.acknowledgement : null).toBeNull();
}

describe('the fold', () => {
  it('refuses a ledger that does not begin with a declaration, or has two', () => {
    const { events } = declared();
    const [created] = events;
    if (created === undefined) throw new Error('No event.');
    expect(() => evolve(null, { ...created, type: 'INCIDENT_NOTE_ADDED', payload: { message: '' } })).toThrow(
      TypeError,
    );
    expect(() => evolve(evolve(null, created), created)).toThrow(TypeError);
  });

  it('makes a body of one key order', () => {
    const story = declared();
    expect(Object.keys(JSON.parse(encodeBody(story.events[0] as IncidentEvent)))).toEqual([
      'type',
      'typeVersion',
      'incident',
      'version',
      'policyVersion',
      'commandId',
      'actor',
      'at',
      'isPublic',
      'statusBefore',
      'statusAfter',
      'severity',
      'payload',
    ]);
  });
});
