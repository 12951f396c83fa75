import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '../../src/domain/access/actor.ts';
import { encodeBody } from '../../src/domain/ledger/body.ts';
import { completePolicy } from '../../src/domain/policy/completePolicy.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { rowsOf } from '../../src/store/projection.ts';
import { policies } from '../../src/store/read/policy.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { commit, declared, founded, loading, start } from './founded.ts';

/** What a program wrote that did not know the session gate yet. */
const { sessionGate: _unknown, ...before } = defaultPolicy;
const older = before as Policy;
const changed = { ...older, version: 2, acknowledgeNoteRequired: true };

let database: TestDatabase;
let organizationId: string;

/** Founds an organization as that program did, with its policy of then as version 1 and another as version 2. */
beforeAll(async () => {
  database = await openTestDatabase();
  const olderProgram: TestDatabase = {
    ...database,
    asPlatform: (sql, parameters = []) =>
      database.asPlatform(
        sql,
        parameters.map((value) => (value === JSON.stringify(defaultPolicy) ? JSON.stringify(older) : value)),
      ),
  };
  organizationId = await founded(olderProgram, 'older');
  await declared(database, organizationId);
  const event = {
    type: 'ORGANIZATION_POLICY_CHANGED',
    typeVersion: 1,
    policyVersion: 1,
    commandId: v7(),
    actor: systemActor,
    at: start,
    payload: { part: 'WORKFLOW', policy: changed },
  } as const;
  const [outcome] = await commit(database, organizationId, [
    {
      incidentId: null,
      administrationSequence: null,
      baseVersion: 1,
      commandId: event.commandId,
      events: [
        {
          ledger: 'ADMINISTRATION',
          type: event.type,
          incidentId: null,
          version: null,
          at: event.at,
          isPublic: false,
          severity: null,
          body: encodeBody(event),
        },
      ],
      incident: null,
      ...rowsOf(event),
      deadlines: null,
      dedupKeys: null,
      request: null,
    },
  ]);
  expect(outcome?.kind).toBe('committed');
});
afterAll(() => database?.drop());

it('reads a policy stored before the session gate as one with the default gate', async () => {
  const loaded = await createPostgresStore(database).load(loading(organizationId, {}));
  expect(loaded.policy).toEqual(completePolicy(changed));
  const [first, current] = await policies({ database, organizationId }, [1, 'CURRENT']);
  expect(first).toEqual(completePolicy({ ...older, version: 1 }));
  expect(first?.sessionGate).toEqual(defaultPolicy.sessionGate);
  expect(current?.sessionGate).toEqual(defaultPolicy.sessionGate);
});

it('replays what was written under it without a difference, and leaves it stored as it was', async () => {
  expect(await compareProjections(database, organizationId)).toEqual([]);
  const rows = await database.asOrganization<{ policy: string }>(
    organizationId,
    'SELECT policy FROM warroom.policy WHERE organization_id = $1 ORDER BY version',
    [organizationId],
  );
  expect(rows.map(({ policy }) => 'sessionGate' in JSON.parse(policy))).toEqual([false, false]);
});
