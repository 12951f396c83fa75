import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeadlineFiring } from '../../src/app/fireDeadlines.ts';
import { createHandle, type Door } from '../../src/app/handle.ts';
import type { AdministrationCommandInputs } from '../../src/domain/administration/commands.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { founded } from '../store/founded.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { ada, done, grace, openDoor } from './openDoor.ts';

const minutes = 60_000;
const on: AdministrationCommandInputs['setSessionGatePolicy'] = {
  enabled: true,
  severities: ['SEV1', 'SEV2'],
};

describe('the session gate at the one door', () => {
  function gatedRoom() {
    const room = openDoor();
    const deadlines = createDeadlineFiring({
      store: room.memory,
      clock: room.clock,
      handle: room.door,
      log: { warn: () => {} },
    });
    return {
      ...room,
      policy: (input: typeof on) => room.administer({ name: 'setSessionGatePolicy', input }),
      async fire() {
        for (let round = 0; round < 3; round += 1) {
          await deadlines.fire();
          await deadlines.settled();
        }
      },
      async declareSevere() {
        const id = await room.declare();
        await room.on(id, 'changeIncidentSeverity', { severity: 'SEV1', reason: 'Severe' });
        return id;
      },
      blocks: () =>
        room.organization.ledgers.ADMINISTRATION.map(({ type }) => type).filter((type) =>
          type.startsWith('SESSION_GATE'),
        ),
    };
  }

  it('fires when due, and what fired is announced with the ledger it is in', async () => {
    const room = gatedRoom();
    await room.policy(on);
    const id = await room.declareSevere();
    room.clock.advance(120 * minutes - 1);
    await room.fire();
    expect(room.blocks()).toEqual([]);
    room.clock.advance(1);
    await room.fire();
    expect(room.blocks()).toEqual(['SESSION_GATE_BLOCKED']);
    expect([...room.organization.deadlines.values()].map(({ kind }) => kind)).not.toContain('SESSION_GATE');
    const told = room.news.filter(({ entry }) => entry.type === 'SESSION_GATE_BLOCKED');
    expect(told).toMatchObject([
      {
        entry: { ledger: 'ADMINISTRATION', number: 0, event: { payload: { incidentId: id } } },
        after: null,
      },
    ]);
  });

  it('answers an acknowledgement with the events of the incident, whatever else its commit wrote', async () => {
    const room = gatedRoom();
    await room.policy(on);
    const id = await room.declareSevere();
    room.clock.advance(121 * minutes);
    const answer = done(await room.on(id, 'acknowledgeIncident', {}, { key: 'once' }));
    expect(new Set(answer.entries.map(({ ledger }) => ledger))).toEqual(new Set(['INCIDENTS']));
    expect(answer.sequence).toBe(room.organization.ledgers.INCIDENTS.length);
    expect(room.blocks()).toEqual(['SESSION_GATE_BLOCKED', 'SESSION_GATE_RELEASED']);
    const again = done(await room.on(id, 'acknowledgeIncident', {}, { key: 'once' }));
    expect(again.entries.map(({ hash }) => hash)).toEqual(answer.entries.map(({ hash }) => hash));
    expect(room.blocks()).toHaveLength(2);
  });

  it('decides one batch in order: what comes due, and the acknowledgement after it', async () => {
    const room = gatedRoom();
    await room.policy(on);
    const id = await room.declareSevere();
    room.clock.advance(121 * minutes);
    const before = room.memory.commits;
    await Promise.all([
      room.on(id, 'addIncidentNote', { message: 'Anybody?' }),
      room.on(id, 'acknowledgeIncident', {}),
      room.on(id, 'addIncidentNote', { message: 'I have it' }),
    ]);
    expect(room.memory.commits).toBe(before + 1);
    expect(room.blocks()).toEqual(['SESSION_GATE_BLOCKED', 'SESSION_GATE_RELEASED']);
    expect(room.organization.incidents.get(id)?.gateBlockedAt).toBeNull();
  });

  it('switched on, blocks for what is over the time already; switched off, releases', async () => {
    const room = gatedRoom();
    const ids = [await room.declareSevere(), await room.declareSevere()];
    const young = await room.declare();
    room.clock.advance(500 * minutes);
    await room.fire();
    await room.policy(on);
    await room.fire();
    const blocking = () =>
      [...room.organization.incidents].filter(([, row]) => row.gateBlockedAt !== null).map(([id]) => id);
    expect(blocking().sort()).toEqual([...ids].sort());
    expect(blocking()).not.toContain(young);
    await room.fire();
    expect(room.blocks()).toHaveLength(2);
    await room.policy({ enabled: false });
    await room.fire();
    expect(blocking()).toEqual([]);
    expect(room.blocks()).toHaveLength(4);
    const last = room.organization.ledgers.ADMINISTRATION.at(-1);
    expect(decodeBody<'ADMINISTRATION'>(last?.body ?? '')).toMatchObject({
      actor: { kind: 'SYSTEM' },
      payload: { reason: 'POLICY_CHANGED' },
    });
  });

  it('survives a clock that another instance had ahead', async () => {
    const room = gatedRoom();
    await room.policy(on);
    const id = await room.declareSevere();
    room.clock.advance(120 * minutes + 5_000);
    await room.fire();
    room.clock.advance(-10_000);
    await room.on(id, 'addIncidentNote', { message: 'By a clock that is behind' });
    expect(room.blocks()).toEqual(['SESSION_GATE_BLOCKED']);
    await room.on(id, 'acknowledgeIncident', {});
    expect(room.blocks()).toEqual(['SESSION_GATE_BLOCKED', 'SESSION_GATE_RELEASED']);
  });
});

describe('several instances on one database', () => {
  let database: TestDatabase;
  let store: WriteStore;
  let organizationId: string;
  const clock = fakeClock('2026-11-20T19:00:00.000Z');
  beforeAll(async () => {
    database = await openTestDatabase();
    store = createPostgresStore(database);
    organizationId = await founded(database, 'gated');
  });
  afterAll(() => database?.drop());

  const instance = (): Door =>
    createHandle({
      store,
      clock,
      inbox: { committed: () => {}, ring: () => {} },
      log: { warn: () => {}, error: () => {} },
      limits: { batch: 4 },
    });

  it('block and release each incident once, however they race at the instant itself', async () => {
    const doors = [instance(), instance(), instance()] as const;
    const administration = { by: 'administration' } as const;
    const command = { name: 'setSessionGatePolicy', input: on } as const;
    done(await doors[0]({ organizationId, actor: ada, target: administration, command }));
    const incidents = 40;
    const declared = await Promise.all(
      Array.from({ length: incidents }, (_, n) =>
        doors[n % 3]?.({
          organizationId,
          actor: ada,
          target: { by: 'new' },
          command: { name: 'declareIncident', input: { title: `Down ${n}`, severity: 'SEV1' } },
        }),
      ),
    );
    const ids = declared.flatMap((answer) =>
      answer?.kind === 'done' ? (answer.incident?.state.id ?? []) : [],
    );
    expect(ids).toHaveLength(incidents);
    clock.advance(120 * minutes);
    const firings = doors.map((handle) =>
      createDeadlineFiring({ store, clock, handle, log: { warn: () => {} } }),
    );
    await Promise.all([
      ...firings.map((firing) => firing.fire()),
      ...ids.flatMap((incidentId, n) => {
        const target = { by: 'id', incidentId } as const;
        const acting = { organizationId, target, actor: n % 2 === 0 ? ada : grace };
        return [
          doors[(n + 1) % 3]?.({ ...acting, command: { name: 'acknowledgeIncident', input: {} } }),
          doors[(n + 2) % 3]?.({ ...acting, command: { name: 'addIncidentNote', input: { message: 'Hm' } } }),
        ];
      }),
    ]);
    await Promise.all(firings.map((firing) => firing.settled()));
    const entries = await store.entries(organizationId, 'ADMINISTRATION', 1, 1_000);
    const steps = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (const { body } of entries) {
      const { type, payload } = decodeBody<'ADMINISTRATION'>(body);
      if (type === 'SESSION_GATE_BLOCKED' || type === 'SESSION_GATE_RELEASED') {
        steps.get(payload.incidentId)?.push(type);
      }
    }
    const once = ['SESSION_GATE_BLOCKED', 'SESSION_GATE_RELEASED'];
    expect([...steps.values()]).toEqual(Array(incidents).fill(once));
    for (let round = 0; round < 3; round += 1) {
      await firings[0]?.fire();
      await firings[0]?.settled();
    }
    expect(await compareProjections(database, organizationId)).toEqual([]);
  }, 60_000);
});
