import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../src/app/answer.ts';
import { createHandle } from '../../src/app/handle.ts';
import { isComeApart } from '../../src/domain/detection/joinApart.ts';
import type { IncidentCommand } from '../../src/domain/incident/commands.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { seeded } from '../support/random.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { anySent, policyOfSent, requestOfSent } from './anySent.ts';
import { ada, done, organizationId } from './openDoor.ts';

// What is read ahead, on the real store: two doors that read ahead, of each other's commits and their own.

let database: TestDatabase;
let store: WriteStore;
const clock = fakeClock();
let ahead = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  store = createPostgresStore(database);
  const administrator = { userId: 'ada', name: 'Ada', email: 'ada@example.org' };
  await foundOrganization(database, {
    organizationId,
    slug: 'ahead',
    name: 'Ahead',
    at: clock.now(),
    commandId: v7(),
    administrator,
    key: null,
  });
});
afterAll(() => database?.drop());

/** One door, which counts how often it loads while it commits. */
function openEagerDoor() {
  let loading = 0;
  const counting: WriteStore = {
    ...store,
    load: async (request) => {
      loading += 1;
      return store.load(request);
    },
    commit: async (batch) => {
      const before = loading;
      return store.commit(batch).finally(() => {
        if (loading > before) ahead += 1;
      });
    },
  };
  const inbox = { committed: () => {}, ring: () => {} };
  const log = { warn: () => {}, error: () => {} };
  return createHandle({
    store: counting,
    clock,
    inbox,
    log,
    limits: { aheadFrom: 1, batch: 2, signalShare: 1 },
  });
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  return database.asOrganization(organizationId, sql, [organizationId]);
}

/** By more keys, so that more of them have nothing to do with each other; with what came along, every other one. */
function spread(command: IncidentCommand, count: number): IncidentCommand {
  if (command.name !== 'receiveSignals') return command;
  const firing = command.input.firing.map((signal) => ({
    ...signal,
    data:
      count % 2 === 0 ? null : { json: JSON.stringify({ of: signal.fingerprint }), digest: 'a'.repeat(64) },
  }));
  const dedupKey = `${command.input.dedupKey} ${count % 7}`;
  return { name: 'receiveSignals', input: { ...command.input, dedupKey, firing } };
}

it('loses nothing, doubles nothing, and leaves what the ledger says', async () => {
  const doors = [openEagerDoor(), openEagerDoor()];
  const rules = { name: 'setDetectionRules', input: { rules: policyOfSent.detectionRules } } as const;
  done(
    (await doors[0]?.({
      organizationId,
      actor: ada,
      target: { by: 'administration' },
      command: rules,
    })) as Answer,
  );
  const random = seeded(11);
  const ids = new Map<number | null, string>();
  let count = 0;
  let fired = 0;
  const client = async (): Promise<void> => {
    while (count < 800) {
      const sent = anySent(random, count, ids.size);
      count += 1;
      // Nothing is read ahead while people wait.
      if (sent.incident !== null && random.chance(0.7)) continue;
      const command = spread(sent.command, count);
      const answer = await random.pick(doors)(requestOfSent({ ...sent, command }, ids));
      if (answer.kind === 'done' && answer.incident)
        ids.set(answer.incident.number, answer.incident.state.id);
      if (command.name !== 'receiveSignals') continue;
      // What may join several is not done: its sender hands it in apart.
      if (answer.kind === 'refused' && isComeApart(answer.refusal)) continue;
      expect(answer.kind).toBe('done');
      fired += command.input.firing.filter(({ source }) => source === 'alertmanager').length;
    }
  };
  await Promise.all(Array.from({ length: 48 }, client));
  await Promise.all(doors.map((door) => door.drain()));
  expect(ahead).toBeGreaterThan(20);
  expect(await compareProjections(database, organizationId)).toEqual([]);
  const [counted] = await rows(
    "SELECT sum(count)::int AS count FROM warroom.signal WHERE organization_id = $1 AND source = 'alertmanager'",
  );
  expect(counted?.count).toBe(fired);
  const strays = await rows(
    `SELECT count(*)::int AS data, count(*) FILTER (WHERE s.id IS NULL)::int AS strays,
       count(*) FILTER (WHERE d.data::json ->> 'of' <> s.fingerprint)::int AS mixed
     FROM warroom.signal_data d
     LEFT JOIN warroom.signal s ON s.organization_id = d.organization_id AND s.id = d.signal_id
     WHERE d.organization_id = $1`,
  );
  expect(strays[0]).toMatchObject({ strays: 0, mixed: 0 });
  expect(Number(strays[0]?.data)).toBeGreaterThan(50);
  const [without] = await rows(
    `SELECT count(*)::int AS count FROM warroom.signal s
     WHERE s.organization_id = $1 AND (s.data_digest IS NOT NULL) <> EXISTS (
       SELECT FROM warroom.signal_data d WHERE d.organization_id = s.organization_id AND d.signal_id = s.id)`,
  );
  expect(without?.count).toBe(0);
}, 60_000);
