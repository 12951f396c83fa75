import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nothingNamed } from '../../src/app/administrationLoad.ts';
import { systemActor } from '../../src/domain/access/actor.ts';
import { stampAdministration } from '../../src/domain/administration/stampAdministration.ts';
import { type Instant, plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { changeEventOf } from '../../src/store/changeEvent.ts';
import { invitationRow } from '../../src/store/invitationRow.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { commit, founded, loading, start } from './founded.ts';

// Until when a thousand invitations are open: whatever has expired by then counts no more.

let database: TestDatabase;
let organization: string;

beforeAll(async () => {
  database = await openTestDatabase();
  organization = await founded(database, 'inviting');
});
afterAll(() => database?.drop());

/** As many invitations, each a minute longer than the one before, in one commit. */
async function invite(count: number, firstExpiresAt: Instant): Promise<void> {
  const commandId = v7();
  const stamping = { commandId, actor: systemActor, at: start, policy: defaultPolicy };
  const events = Array.from({ length: count }, (_, index) => {
    const expiresAt = plusMinutes(firstExpiresAt, index);
    const payload = { invitationId: v7(), role: 'MEMBER', expiresAt } as const;
    const event = stampAdministration({ type: 'MEMBER_INVITED', payload }, stamping);
    if (event.type !== 'MEMBER_INVITED') throw new Error('Another event.');
    return event;
  });
  const rows = events.map((event) => {
    const id = event.payload.invitationId;
    return invitationRow(event, {
      email: `${id}@example.com`,
      tokenHash: createHash('sha256').update(id).digest('hex'),
      mailTokenHash: createHash('sha256').update(`mailed ${id}`).digest('hex'),
    });
  });
  const [outcome] = await commit(database, organization, [
    {
      incidentId: null,
      baseVersion: null,
      administrationSequence: null,
      commandId,
      events: events.slice(0, 1).map(changeEventOf),
      incident: null,
      rows: { invitation: rows },
      deletes: {},
      deadlines: null,
      dedupKeys: null,
      request: null,
    },
  ]);
  expect(outcome?.kind).toBe('committed');
}

async function fullUntil(): Promise<Instant | null | undefined> {
  const wanted = loading(organization, { administration: nothingNamed });
  return (await createPostgresStore(database).load(wanted)).administration?.invitationsFullUntil;
}

test('is when the first of the thousand that hold longest expires', async () => {
  const later = plusMinutes(start, 10_000);
  await invite(40, start);
  await invite(959, later);
  expect(await fullUntil()).toBeNull();
  await invite(1, plusMinutes(start, 5_000));
  // Of forty, the first to expire is the thousandth.
  expect(await fullUntil()).toBe(start);
  await invite(40, later);
  expect(await fullUntil()).toBe(plusMinutes(start, 5_000));
});
