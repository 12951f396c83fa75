import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReportedRun } from '../../src/domain/detection/runReport.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { failed } from '../support/failedRun.ts';
import { alertmanager, openDoor, organizationId } from './openDoor.ts';

type Opened = ReturnType<typeof openDoor>;

function tell({ door }: Opened, runs: readonly ReportedRun[]) {
  const instants = runs.map(({ at }) => at ?? '').sort();
  const from = plusMinutes(instants[0] ?? '', -5);
  const until = plusMinutes(instants.at(-1) ?? '', 5);
  return door({
    organizationId,
    actor: alertmanager,
    target: { by: 'burst', source: 'reminders', from, until },
    command: { name: 'reportRuns', input: { source: 'reminders', runs } },
  });
}

/** Every burst, and how severe it is. */
function burstsOf({ organization }: Opened) {
  return [...organization.incidents.values()]
    .map(({ state }) => JSON.parse(state) as IncidentState)
    .map(({ burst, severity }) => ({ ...burst, ordinal: 0, severity }))
    .sort((one, other) => ((one.startedAt ?? '') < (other.startedAt ?? '') ? -1 : 1));
}

/** A run in one of three bursts, far apart, none longer than the window. */
const told = fc.record({
  burst: fc.nat({ max: 2 }),
  minute: fc.nat({ max: 5 }),
  target: fc.constantFrom('a', 'b', 'c'),
  batch: fc.nat({ max: 3 }),
});

it('any order, grouping and duplication of the same runs gives the same bursts', async () => {
  const property = fc.asyncProperty(
    fc.array(told, { minLength: 1, maxLength: 14 }),
    fc.array(fc.nat({ max: 13 }), { maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
    async (list, again, dice) => {
      const once = openDoor();
      const mixed = openDoor();
      const start = plusMinutes(once.clock.now(), -600);
      const all = list.map(({ burst, minute, target, batch }, index) => ({
        batch: `${burst} ${batch}`,
        run: failed(`r${String(index).padStart(2, '0')}`, target, {
          at: plusMinutes(start, burst * 60 + minute),
          error: `error ${index}`,
        }),
      }));
      const inOrder = [...all].sort((one, other) => ((one.run.at ?? '') < (other.run.at ?? '') ? -1 : 1));
      for (const { run } of inOrder) await tell(once, [run]);
      const shuffled = [...all, ...again.flatMap((index) => all[index] ?? [])]
        .map((one) => ({ ...one, place: dice.next().value as number }))
        .sort((one, other) => one.place - other.place);
      const batches = new Map<string, ReportedRun[]>();
      for (const { batch, run } of shuffled) batches.set(batch, [...(batches.get(batch) ?? []), run]);
      // All at once, as from that many callers.
      await Promise.all([...batches.values()].map((runs) => tell(mixed, runs)));
      expect(burstsOf(mixed)).toEqual(burstsOf(once));
      expect(mixed.organization.runs.size).toBe(all.length);
      const counted = [...mixed.organization.runTargets.values()].reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(all.length);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

it('a burst that somebody else began meanwhile is joined, not begun again', async () => {
  const { MemoryStore } = await import('../support/memoryStore.ts');
  const shared = new MemoryStore();
  const one = openDoor({ wrap: () => shared });
  const other = openDoor({ wrap: () => shared });
  const at = one.clock.now();
  const runs = (door: string) => Array.from({ length: 5 }, (_, n) => failed(`${door}${n}`, `t${n}`, { at }));
  await Promise.all([
    ...runs('a').map((run) => tell(one, [run])),
    ...runs('b').map((run) => tell(other, [run])),
  ]);
  const { incidents } = shared.organization(organizationId);
  expect(
    [...incidents.values()].map(({ state }) => (JSON.parse(state) as IncidentState).burst),
  ).toMatchObject([{ errorCount: 10, uniqueTargets: 5, ordinal: 1 }]);
});
