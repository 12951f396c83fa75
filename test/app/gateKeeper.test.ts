import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createGateKeeper, type GateKeeper } from '../../src/app/gateKeeper.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { IncidentCommandInputs, IncidentCommandName } from '../../src/domain/incident/commands.ts';
import { createFeed } from '../../src/feed/createFeed.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createLog } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { founded } from '../store/founded.ts';
import { type FakeClock, fakeClock } from '../support/fakeClock.ts';
import { addMember, setRole } from '../support/members.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const log = createLog('silent');
const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const minutes = 60_000;

let database: TestDatabase;
let organizationId: string;
let clock: FakeClock;
let feed: Feed;
/** The door of this instance, whose feed the keeper follows, and of another, of which it hears nothing. */
let here: Door;
let elsewhere: Door;
let keeper: GateKeeper;
let monotonic: number;
let statements: string[];

let organizations = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());

beforeEach(async () => {
  organizations += 1;
  clock = fakeClock('2026-11-20T19:00:00.000Z');
  organizationId = await founded(database, `gated-${organizations}`);
  await addMember(database, organizationId, { userId: 'mel', role: 'MEMBER' }, clock.now());
  feed = createFeed({ database, log, limits: { pollEvery: 3_600_000 } });
  const store = createPostgresStore(database);
  here = createHandle({ store, clock, inbox: feed, log });
  elsewhere = createHandle({ store, clock, inbox: { committed: () => {}, ring: () => {} }, log });
  monotonic = 0;
  statements = [];
  const counted: Database = {
    ...database,
    asOrganization: (of, sql, ...more) => {
      statements.push(sql);
      return database.asOrganization(of, sql, ...more);
    },
  };
  keeper = createGateKeeper({ database: counted, feed, onError: () => {}, monotonic: () => monotonic });
  await here({
    organizationId,
    actor: ada,
    target: { by: 'administration' },
    command: { name: 'setSessionGatePolicy', input: { enabled: true } },
  });
});
afterEach(async () => {
  keeper.close();
  await feed.close();
});

async function act<N extends IncidentCommandName>(
  incidentId: string | null,
  name: N,
  input: IncidentCommandInputs[N],
  door: Door = here,
): Promise<string> {
  const target = incidentId === null ? ({ by: 'new' } as const) : ({ by: 'id', incidentId } as const);
  const command = { name, input } as never;
  const answer = await door({ organizationId, actor: ada, target, command });
  if (answer.kind !== 'done') throw new Error(answer.refusal.message);
  return answer.incident?.state.id ?? '';
}

async function blockingIncident(title = 'Down'): Promise<string> {
  const id = await act(null, 'declareIncident', { title, severity: 'SEV1' });
  clock.advance(120 * minutes);
  await act(id, 'addIncidentNote', { message: 'Still nobody' });
  return id;
}

/** The title of what blocks, 'open', or 'nobody'. */
async function standing(who = 'mel'): Promise<string> {
  const answer = await keeper.ask(organizationId, who);
  return answer === null ? 'nobody' : (answer.standing.blocking?.title ?? 'open');
}

it('blocks members, never administrators nor who is at work on the incident; finds them by id and by email', async () => {
  const id = await blockingIncident();
  expect(await standing('mel')).toBe('Down');
  expect(await standing('MEL@Example.org')).toBe('Down');
  expect(await standing('ada')).toBe('open');
  expect(await standing('mallory')).toBe('nobody');
  await act(id, 'assignIncidentRole', { role: 'COMMS_LEAD', userId: 'mel' });
  expect(await standing('mel')).toBe('open');
  await act(id, 'assignIncidentRole', { role: 'COMMS_LEAD', userId: null });
  expect(await standing('mel')).toBe('Down');
  await act(id, 'assignIncident', { userId: 'mel' });
  expect(await standing('mel')).toBe('open');
  const other = await blockingIncident('Also down');
  expect(await standing('mel')).toBe('Also down');
  await act(other, 'acknowledgeIncident', {});
  expect(await standing('mel')).toBe('open');
});

it('answers from memory while nothing changes, and from the database at once when something does here', async () => {
  const id = await blockingIncident();
  expect(await standing()).toBe('Down');
  const read = statements.length;
  for (let asked = 0; asked < 100; asked += 1) expect(await standing()).toBe('Down');
  expect(statements.length).toBe(read);
  // Another person costs one look-up, not another look at the incidents.
  expect(await standing('ada')).toBe('open');
  expect(statements.length).toBe(read + 1);
  await act(id, 'acknowledgeIncident', {});
  expect(await standing()).toBe('open');
});

it('believes nothing for longer than 5 s, though it hears nothing, and says how old an answer is', async () => {
  const id = await blockingIncident();
  expect(await standing()).toBe('Down');
  await act(id, 'acknowledgeIncident', {}, elsewhere);
  monotonic += 4_999;
  expect(await keeper.ask(organizationId, 'mel')).toMatchObject({ age: 4_999 });
  // A look-up for another person rests on the same look at the incidents, and is as old.
  expect(await standing('mallory')).toBe('nobody');
  monotonic += 1;
  expect(await standing()).toBe('open');
  expect(await keeper.ask(organizationId, 'mel')).toMatchObject({ age: 0 });
});

it('hears of a role that changes, once the feed has', async () => {
  await blockingIncident();
  expect(await standing()).toBe('Down');
  await setRole(database, organizationId, 'mel', 'ORG_ADMIN', clock.now());
  expect(await standing()).toBe('Down');
  feed.ring(organizationId);
  await expect.poll(() => standing()).toBe('open');
});

it('keeps no failure, and follows again after its ledger could not be opened', async () => {
  let failing = true;
  const away = createGateKeeper({
    database,
    feed: {
      ...feed,
      open: (options) => (failing ? Promise.reject(new Error('away')) : feed.open(options)),
    },
    onError: () => {},
  });
  await expect(away.ask(organizationId, 'mel')).rejects.toThrow('away');
  failing = false;
  expect((await away.ask(organizationId, 'mel'))?.standing.blocking).toBeNull();
  away.close();
});
