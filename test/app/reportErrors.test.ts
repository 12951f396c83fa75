import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  dedupKeyOfErrors,
  errorSeverities,
  type ReportedError,
} from '../../src/domain/detection/errorReport.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { reported } from '../support/given.ts';
import { alertmanager, done, openDoor, organizationId } from './openDoor.ts';

type Opened = ReturnType<typeof openDoor>;

function tell({ door }: Opened, fingerprint: string, errors: readonly ReportedError[]) {
  return door({
    organizationId,
    actor: alertmanager,
    target: { by: 'dedupKey', key: dedupKeyOfErrors(fingerprint) },
    command: { name: 'reportErrors', input: { fingerprint, errors } },
  });
}

/** Every incident by the key it was declared with, and how severe it is. */
function incidentsOf({ organization }: Opened) {
  const states = [...organization.incidents.values()].map(({ state }) => JSON.parse(state) as IncidentState);
  return states.map(({ dedupKeys, severity }) => `${dedupKeys.join()} ${severity}`).sort();
}

/** Of every error, by source and id: the most severe level that it is kept under. */
function worstOf({ organization }: Opened): Readonly<Record<string, unknown>> {
  const rows = [...organization.errors.values()].map(({ source, error_id, level }) => [
    `${source} ${error_id}`,
    level,
  ]);
  return Object.fromEntries(rows.sort().reverse());
}

const told = fc.record({
  fingerprint: fc.constantFrom('a', 'b', 'c'),
  source: fc.constantFrom('shop', 'billing'),
  number: fc.nat({ max: 2 }),
  severity: fc.constantFrom(...errorSeverities),
  batch: fc.nat({ max: 4 }),
});

it('any order, grouping and duplication of the same errors gives the same incidents', async () => {
  const property = fc.asyncProperty(
    fc.array(told, { minLength: 1, maxLength: 12 }),
    fc.array(fc.nat({ max: 11 }), { maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
    async (errors, again, dice) => {
      // The same error may be told under several severities.
      const all = errors.map((error) => ({ ...error, errorId: `${error.fingerprint}${error.number}` }));
      const repeats = again.flatMap((index) => all[index] ?? []);
      const shuffled = [...all, ...repeats]
        .map((error) => ({ error, at: dice.next().value as number }))
        .sort((one, other) => one.at - other.at)
        .map(({ error }) => error);
      const once = openDoor();
      for (const { fingerprint, ...error } of all)
        await tell(once, fingerprint, [reported(error.errorId, error)]);
      const mixed = openDoor();
      const batches = new Map<string, typeof shuffled>();
      for (const error of shuffled) {
        const key = `${error.fingerprint} ${error.batch}`;
        batches.set(key, [...(batches.get(key) ?? []), error]);
      }
      // All at once, as from that many callers.
      await Promise.all(
        [...batches.values()].map((batch) =>
          tell(
            mixed,
            batch[0]?.fingerprint ?? '',
            batch.map((error) => reported(error.errorId, error)),
          ),
        ),
      );
      expect(incidentsOf(mixed)).toEqual(incidentsOf(once));
      expect(worstOf(mixed)).toEqual(worstOf(once));
      const named = new Set(all.map(({ source, errorId }) => `${source} ${errorId}`));
      expect(Object.keys(worstOf(mixed)).sort()).toEqual([...named].sort());
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

it('a new one is declared once the resolved one is older than 5 minutes, and the old one reopened before', async () => {
  const opened = openDoor();
  const { clock, organization, on } = opened;
  const [id = ''] = await tell(opened, 'a', [reported('e1')]).then(() => [...organization.incidents.keys()]);
  const resolve = () =>
    on(id, 'acknowledgeIncident', {})
      .then(() => on(id, 'recordRootCause', { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' }))
      .then(() => on(id, 'resolveIncident', { summary: 'Done' }));
  await resolve();
  clock.advance(2 * 60_000);
  await tell(opened, 'a', [reported('e2')]);
  expect(organization.incidents.size).toBe(1);
  expect(organization.keys.get('error:a')).toMatchObject({ incidentId: id, held: true });
  await on(id, 'resolveIncident', { summary: 'Done again' });
  // MEDIUM reopens nothing, and is kept without an incident.
  await tell(opened, 'a', [reported('e3', { severity: 'MEDIUM' })]);
  expect(organization.errors.get('shop e3 SEV3')).toMatchObject({ incident_id: null, outcome: 'RECORDED' });
  clock.advance(3 * 60_000 + 1);
  await tell(opened, 'a', [reported('e4')]);
  expect(organization.incidents.size).toBe(2);
  expect(organization.errors.get('shop e1 SEV1')).toMatchObject({ incident_id: id, outcome: 'CREATED' });
  expect(organization.errors.get('shop e2 SEV1')).toMatchObject({ incident_id: id, outcome: 'REOPENED' });
  expect(organization.errors.get('shop e4 SEV1')).toMatchObject({ outcome: 'CREATED' });
});

it('within 5 minutes of a declaration, an error that is known reopens nothing for a LOW one that comes with it', async () => {
  const opened = openDoor();
  const { clock, organization, on } = opened;
  const known = reported('e1');
  const [id = ''] = await tell(opened, 'a', [known]).then(() => [...organization.incidents.keys()]);
  const cause = { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' } as const;
  done(await on(id, 'acknowledgeIncident', {}));
  done(await on(id, 'recordRootCause', cause));
  done(await on(id, 'resolveIncident', { summary: 'Done' }));
  clock.advance(60_000);
  const answer = await tell(opened, 'a', [known, reported('e2', { severity: 'LOW' })]);
  // Nor is the report refused, which would lose the LOW one.
  expect(done(answer).entries).toEqual([]);
  expect(JSON.parse(organization.incidents.get(id)?.state ?? '{}')).toMatchObject({ status: 'RESOLVED' });
  expect(organization.errors.get('shop e1 SEV1')).toMatchObject({ incident_id: id, outcome: 'CREATED' });
  expect(organization.errors.get('shop e2 SEV4')).toMatchObject({ incident_id: null, outcome: 'RECORDED' });
});
