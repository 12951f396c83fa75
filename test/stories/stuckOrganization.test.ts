import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandle, type Door } from '../../src/app/handle.ts';
import { systemActor } from '../../src/domain/access/actor.ts';
import { plusMilliseconds, plusMinutes } from '../../src/domain/instant.ts';
import { createLog } from '../../src/log.ts';
import { type Scheduling, startScheduling } from '../../src/main/startScheduling.ts';
import { type DatabaseClock, openDatabaseClock } from '../../src/store/databaseClock.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { founded } from '../store/founded.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

// The embedded database has one connection: nobody else could hold a lock there.
const onServer = test.runIf(process.env.WARROOM_TEST_DATABASE_URL);

const acknowledgeWithinMinutes = 15;
const stuckDeadlines = 500;

let database: TestDatabase;
let clock: DatabaseClock;
let door: Door;
let scheduling: Scheduling | undefined;

beforeAll(async () => {
  database = await openTestDatabase();
  const log = createLog('silent');
  const store = createPostgresStore(database);
  clock = await openDatabaseClock(database, log);
  door = createHandle({
    store,
    clock,
    inbox: { committed: () => {}, ring: () => {} },
    log,
    wake: (at) => scheduling?.wake(at),
  });
});
afterAll(async () => {
  await scheduling?.stop();
  await door?.drain();
  clock?.close();
  await database?.drop();
});

/** Declares an incident whose acknowledge SLA is breached at this instant. */
async function dueAt(organizationId: string, at: string): Promise<void> {
  const answer = await door({
    organizationId,
    actor: systemActor,
    target: { by: 'new' },
    command: {
      name: 'declareIncident',
      input: { title: 'Due', severity: 'SEV1', detectedAt: plusMinutes(at, -acknowledgeWithinMinutes) },
    },
  });
  if (answer.kind === 'refused') throw new Error(answer.refusal.message);
}

/** How late each breach was written, in milliseconds. */
async function lateness(organizationId: string): Promise<number[]> {
  const rows = await database.asOrganization<{ at: string; body: string }>(
    organizationId,
    `SELECT at, body FROM warroom.ledger_event
     WHERE organization_id = $1 AND ledger = 0 AND type = 'INCIDENT_SLA_BREACHED'`,
    [organizationId],
  );
  return rows.map(({ at, body }) => Date.parse(at) - Date.parse(JSON.parse(body).payload.dueAt));
}

async function locked(organizationIds: readonly string[]): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.settings.databaseUrl as string });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM warroom.ledger_head WHERE organization_id = ANY ($1) FOR UPDATE', [
    organizationIds,
  ]);
  return () => client.end();
}

onServer(
  'while the heads of two organizations are locked, the deadlines of a third fire on time',
  async () => {
    const stuck = [await founded(database, 'stuck-1'), await founded(database, 'stuck-2')];
    const well = await founded(database, 'well');
    const start = plusMilliseconds(clock.now(), 4_000);
    const each = Array.from({ length: stuckDeadlines }, () => start);
    await Promise.all(stuck.flatMap((organization) => each.map((at) => dueAt(organization, at))));
    const expected = Array.from({ length: 20 }, (_, n) => plusMilliseconds(start, 2_000 + n * 250));
    await Promise.all(expected.map((at) => dueAt(well, at)));

    const unlock = await locked(stuck);
    scheduling = startScheduling({
      store: createPostgresStore(database),
      clock,
      handle: door,
      log: createLog('silent'),
    });
    const until = Date.parse(expected.at(-1) ?? '') + 2_000 - Date.parse(clock.now());
    await new Promise((wake) => setTimeout(wake, until));
    const late = await lateness(well);
    const stuckMeanwhile = await Promise.all(stuck.map(lateness));
    await unlock();

    expect(stuckMeanwhile).toEqual([[], []]);
    expect(late).toHaveLength(expected.length);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(2_000);
    // Once it is free again, all that was kept fires too, once each.
    await expect
      .poll(async () => (await Promise.all(stuck.map(lateness))).map(({ length }) => length), {
        timeout: 45_000,
      })
      .toEqual([stuckDeadlines, stuckDeadlines]);
  },
  90_000,
);
