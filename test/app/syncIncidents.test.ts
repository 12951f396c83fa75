import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyOfSync, type SyncedIncident } from '../../src/domain/detection/syncedIncident.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { synced } from '../support/synced.ts';
import { alertmanager, openDoor, organizationId } from './openDoor.ts';

type Opened = ReturnType<typeof openDoor>;
type One = {
  readonly incident: SyncedIncident;
  readonly targets: readonly string[];
  readonly declare: object;
};

function tell({ door }: Opened, batch: readonly One[]) {
  return Promise.all(
    batch.map((input) =>
      door({
        organizationId,
        actor: alertmanager,
        target: { by: 'dedupKey', key: keyOfSync(input.incident.source, input.incident.key) },
        command: { name: 'syncIncidents', input },
      }),
    ),
  );
}

/** All there is of each key, but for what only tells when it was heard of. */
function incidentsOf({ organization }: Opened) {
  return [...organization.incidents.values()]
    .map(({ state }) => JSON.parse(state) as IncidentState)
    .map(({ id, sync, title, severity, status, startedAt, endedAt, dedupKeys }) => {
      const targets = organization.syncedTargets.get(id);
      return { sync, title, severity, status, startedAt, endedAt, dedupKeys, targets };
    })
    .sort((one, other) => ((one.sync?.key ?? '') < (other.sync?.key ?? '') ? -1 : 1));
}

/** What a source says at some minute of one of its incidents: whatever it likes, but one thing at a time. */
const told = fc.record({
  key: fc.constantFrom('a', 'b'),
  minute: fc.nat({ max: 4 }),
  errorCount: fc.nat({ max: 2 }),
  severity: fc.constantFrom('SEV1', 'SEV2', 'SEV3'),
  resolved: fc.option(fc.nat({ max: 4 }), { nil: null }),
  target: fc.constantFrom(null, 'x', 'y'),
  batch: fc.nat({ max: 2 }),
});

it('any order, grouping and repetition of the same syncs leads to the same incidents', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(told, {
      minLength: 1,
      maxLength: 8,
      selector: ({ key, minute, errorCount, target }) => `${key} ${minute} ${errorCount} ${target !== null}`,
    }),
    fc.array(fc.nat({ max: 7 }), { maxLength: 5 }),
    fc.infiniteStream(fc.nat()),
    async (list, again, dice) => {
      const once = openDoor();
      const mixed = openDoor();
      const start = plusMinutes(once.clock.now(), -60);
      const at = (minute: number) => plusMinutes(start, minute);
      const all = list.map(({ key, minute, errorCount, severity, resolved, target, batch }, index) => ({
        batch,
        key,
        one: {
          incident: synced({
            key,
            asOf: at(minute),
            errorCount,
            severity,
            title: `title ${index}`,
            startedAt: at(-index),
            endedAt: at(minute),
            resolvedAt: resolved === null ? null : at(resolved),
            uniqueTargets: target === null ? 0 : 1,
            targetsDigest: target,
          }),
          targets: target === null ? [] : [target],
          declare: {},
        },
      }));
      for (const { one } of all) await tell(once, [one]);
      const shuffled = [...all, ...again.flatMap((index) => all[index] ?? [])]
        .map((entry) => ({ ...entry, place: dice.next().value as number }))
        .sort((one, other) => one.place - other.place);
      const batches = [0, 1, 2].map((batch) =>
        shuffled.filter((entry) => entry.batch === batch).map(({ one }) => one),
      );
      // All at once, as from that many callers.
      await Promise.all(batches.map((batch) => tell(mixed, batch)));
      expect(incidentsOf(mixed)).toEqual(incidentsOf(once));
      expect(incidentsOf(mixed)).toHaveLength(new Set(all.map(({ key }) => key)).size);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

it('what somebody else declared meanwhile is the same incident, not another', async () => {
  const { MemoryStore } = await import('../support/memoryStore.ts');
  const shared = new MemoryStore();
  const doors = [openDoor({ wrap: () => shared }), openDoor({ wrap: () => shared })];
  const one = { incident: synced(), targets: [], declare: {} };
  const answers = await Promise.all(
    doors.flatMap((door) => Array.from({ length: 25 }, () => tell(door, [one]))),
  );
  expect(shared.organization(organizationId).incidents.size).toBe(1);
  const written = answers.flat().filter((answer) => answer.kind === 'done' && answer.entries.length > 0);
  expect(written).toHaveLength(1);
});
