import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Request } from '../../src/app/answer.ts';
import { createDeadlineFiring, type DeadlineFiring } from '../../src/app/fireDeadlines.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import { loadOfIncidents } from '../../src/app/loadRequest.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { evolve } from '../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { type Random, seeded } from '../support/random.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { done } from './openDoor.ts';

// People acknowledge through one instance while another fires what is due, within 50 ms of the deadline.

const acknowledgements = Number(process.env.WARROOM_ACKNOWLEDGEMENTS ?? 400);
const atATime = 200;
const seed = Number(process.env.WARROOM_SEED ?? Date.now() % 1_000_000);
const around = 50;
const escalatesAfter = 5 * 60_000;
const organizationId = v7();
const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
const clock = fakeClock('2026-03-01T12:00:00.000Z');
const log = { warn: () => {}, error: () => {} };

let database: TestDatabase;
let store: WriteStore;
let people: Door;
let timers: Door;
let firing: DeadlineFiring;

beforeAll(async () => {
  database = await openTestDatabase();
  store = createPostgresStore(database);
  const administrator = { userId: 'ada', name: 'Ada', email: 'ada@example.org' };
  const founding = { organizationId, slug: 'racing', name: 'Racing', at: clock.now(), administrator };
  await foundOrganization(database, { ...founding, commandId: v7(), key: null });
  const inbox = { committed: () => {}, ring: () => {} };
  people = createHandle({ store, clock, inbox, log });
  timers = createHandle({ store, clock, inbox, log });
  firing = createDeadlineFiring({ store, clock, handle: timers, log });
});
afterAll(() => database?.drop());

async function declare(n: number): Promise<string> {
  const command: Request['command'] = {
    name: 'declareIncident',
    input: { title: `race ${n}`, severity: 'SEV1' },
  };
  const answer = await people({ organizationId, actor: ada, target: { by: 'new' }, command });
  return done(answer).incident?.state.id ?? '';
}

async function acknowledge(incidentId: string): Promise<void> {
  const command: Request['command'] = { name: 'acknowledgeIncident', input: {} };
  done(await people({ organizationId, actor: ada, target: { by: 'id', incidentId }, command }));
}

/** Declares some, and acknowledges each at a random moment around the instant at which all escalate. */
async function race(random: Random, count: number): Promise<{ readonly dueAt: string; ids: string[] }> {
  const ids = await Promise.all(Array.from({ length: count }, (_, n) => declare(n)));
  clock.advance(escalatesAfter);
  const dueAt = clock.now();
  clock.advance(-around);
  const moments = ids.map((id) => ({ id, after: random.below(2 * around + 1) }));
  const under: Promise<unknown>[] = [];
  for (let passed = 0; passed <= 2 * around; passed += 1) {
    for (const { id } of moments.filter(({ after }) => after === passed)) under.push(acknowledge(id));
    under.push(firing.fire());
    // What was begun goes on while time does.
    for (let turn = random.below(6); turn > 0; turn -= 1) await new Promise((wake) => setTimeout(wake, 1));
    clock.advance(1);
  }
  await Promise.all(under);
  // What was claimed and fired in vain.
  for (let round = 0; round < 10; round += 1) {
    clock.advance(5_000);
    await firing.fire();
    await firing.settled();
  }
  return { dueAt, ids };
}

async function entriesAfter(sequence: number): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  for (;;) {
    const from = sequence + all.length + 1;
    const page = await store.entries(organizationId, 'INCIDENTS', from, from + 999);
    all.push(...page);
    if (page.length < 1_000) return all;
  }
}

it(
  `keeps state and ledger in agreement when ${acknowledgements} are acknowledged within 50 ms of their escalation (WARROOM_SEED=${seed})`,
  async () => {
    const random = seeded(seed);
    // Of earlier ones, too: hours pass, and their SLAs fall due.
    const states = new Map<string, IncidentState>();
    let read = 0;
    let prevented = 0;
    let followed = 0;
    for (let made = 0; made < acknowledgements; made += atATime) {
      const { dueAt, ids } = await race(random, Math.min(atATime, acknowledgements - made));
      const entries = await entriesAfter(read);
      read += entries.length;
      const wrong: unknown[] = [];
      for (const { body } of entries) {
        const event = decodeBody(body);
        states.set(event.incident, evolve(states.get(event.incident) ?? null, event));
      }
      for (const id of ids) {
        const story = entries.filter((entry) => entry.incidentId === id);
        const acknowledged = story.filter(({ type }) => type === 'INCIDENT_ACKNOWLEDGED');
        const escalated = story.filter(({ type }) => type === 'INCIDENT_ESCALATED');
        const at = acknowledged[0]?.at ?? '';
        // After the instant, the escalation came first; before it, there is none.
        const expected =
          at < dueAt
            ? ['INCIDENT_CREATED', 'INCIDENT_ACKNOWLEDGED']
            : ['INCIDENT_CREATED', 'INCIDENT_ESCALATED', 'INCIDENT_ACKNOWLEDGED'];
        const types = story.map(({ type }) => type);
        if (types.join() !== expected.join() || (escalated[0]?.at ?? dueAt) < dueAt)
          wrong.push({ dueAt, story: story.map((entry) => [entry.type, entry.at]) });
        if (at < dueAt) prevented += 1;
        else followed += 1;
      }
      expect(wrong).toEqual([]);
      const { incidents } = await store.load(loadOfIncidents(organizationId, ids));
      expect(incidents).toHaveLength(ids.length);
      for (const { state } of incidents) expect(state).toEqual(states.get(state.id));
    }
    expect(prevented).toBeGreaterThan(acknowledgements / 10);
    expect(followed).toBeGreaterThan(acknowledgements / 10);
  },
  120_000 + acknowledgements * 200,
);
