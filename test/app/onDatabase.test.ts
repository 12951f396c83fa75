import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../src/app/answer.ts';
import { createDeadlineFiring } from '../../src/app/fireDeadlines.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import { loadOfIncidents } from '../../src/app/loadRequest.ts';
import { evolve } from '../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { entryHash, firstPreviousHash } from '../../src/store/hash.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { seeded } from '../support/random.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { done, kindOf, organizationId } from './openDoor.ts';
import { anyRequest } from './simulatedCommands.ts';

// What the simulation proves over a store in memory, once over the real one: two doors that overtake each other.

let database: TestDatabase;
let store: WriteStore;
const clock = fakeClock();

beforeAll(async () => {
  database = await openTestDatabase();
  store = createPostgresStore(database);
  const administrator = { userId: 'ada', name: 'Ada', email: 'ada@example.org' };
  await foundOrganization(database, {
    organizationId,
    slug: 'racing',
    name: 'Racing',
    at: clock.now(),
    commandId: v7(),
    administrator,
    key: null,
  });
});
afterAll(() => database?.drop());

function openRealDoor(): Door {
  const inbox = { committed: () => {}, ring: () => {} };
  return createHandle({ store, clock, inbox, log: { warn: () => {}, error: () => {} } });
}

async function ledger(): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  for (;;) {
    const page = await store.entries(organizationId, 'INCIDENTS', all.length + 1, all.length + 1_000);
    all.push(...page);
    if (page.length < 1_000) return all;
  }
}

function folded(entries: readonly LedgerEntry[]): ReadonlyMap<string, IncidentState> {
  const states = new Map<string, IncidentState>();
  let previousHash = firstPreviousHash;
  for (const [index, entry] of entries.entries()) {
    expect(entry).toMatchObject({ sequence: index + 1, previousHash, hash: entryHash(entry) });
    previousHash = entry.hash;
    const event = decodeBody(entry.body);
    const before = states.get(event.incident) ?? null;
    expect(event.version).toBe((before?.version ?? 0) + 1);
    states.set(event.incident, evolve(before, event));
  }
  return states;
}

it('two doors that race leave one dense ledger, its fold as the state, and every answer true', async () => {
  const doors = [openRealDoor(), openRealDoor()];
  const random = seeded(7);
  const ids: string[] = [];
  const answers: { readonly answer: Answer; readonly expectsVersion: boolean }[] = [];
  let count = 0;
  const client = async (): Promise<void> => {
    while (count < 600) {
      const { request } = anyRequest(random, ids.slice(0, 4), count++);
      if (count % 50 === 0) clock.advance(20 * 60_000);
      const answer = await random.pick(doors)(request);
      answers.push({ answer, expectsVersion: request.expectedVersion != null });
      const id = answer.kind === 'done' ? answer.incident?.state.id : undefined;
      if (id !== undefined && !ids.includes(id)) ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: 24 }, client));
  await Promise.all(doors.map((door) => door.drain()));
  const entries = await ledger();
  const states = folded(entries);
  for (const { answer, expectsVersion } of answers) {
    if (kindOf(answer) === 'ConflictError') expect(expectsVersion).toBe(true);
    if (answer.kind !== 'done') continue;
    for (const entry of answer.entries) {
      if (entry.ledger !== 'INCIDENTS') continue;
      expect(entries[entry.sequence - 1]).toMatchObject({ hash: entry.hash, body: entry.body });
    }
  }
  const loaded = await store.load(loadOfIncidents(organizationId, [...states.keys()]));
  expect(loaded.incidents).toHaveLength(states.size);
  for (const { state } of loaded.incidents) expect(state).toEqual(states.get(state.id));
}, 60_000);

it('plans open incidents anew after a policy change, and forgets that it had to', async () => {
  const door = openRealDoor();
  const ada = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' } as const;
  const declared = await door({
    organizationId,
    actor: ada,
    target: { by: 'new' },
    command: { name: 'declareIncident', input: { title: 'To be planned anew', severity: 'SEV4' } },
  });
  const id = done(declared).incident?.state.id ?? '';
  const { overdueAfterMinutes } = defaultPolicy;
  const command = {
    name: 'setWorkflowPolicy',
    input: { overdueAfterMinutes: overdueAfterMinutes + 600 },
  } as const;
  done(await door({ organizationId, actor: ada, target: { by: 'administration' }, command }));
  const firing = createDeadlineFiring({ store, clock, handle: door, log: { warn: () => {} } });
  // Whatever else is due fires as well; the re-planning is among it.
  for (let round = 0; round < 20; round++) {
    await firing.fire();
    await firing.settled();
  }
  expect(firing.stuck()).toEqual([]);
  expect(await store.plannedUnderOlderPolicy(organizationId, null)).toEqual([]);
  const { incidents, policy } = await store.load(loadOfIncidents(organizationId, [id]));
  expect(incidents[0]?.policyVersion).toBe(policy.version);
  const claimed = await store.claim({ now: '2036-01-01T00:00:00.000Z', limit: 200, leaseMilliseconds: 1 });
  expect(claimed.due.filter(({ kind }) => kind === 'REPLAN')).toEqual([]);
});
