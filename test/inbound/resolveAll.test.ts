import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Handle, OverloadedError } from '../../src/app/answer.ts';
import { createHandle } from '../../src/app/handle.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { type Delivered, deliver } from '../../src/inbound/deliver.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { ada, done, firing, openDoor, organizationId } from '../app/openDoor.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import { ingest } from './switchboard.ts';

// A source says that all is over, and thousands of its signals fire: they are cleared 64 in a commit, and the sender is
// answered once none is left.

const principal = { ...ingest, organizationId };
const declare = { title: 'Everything is down', severity: 'SEV3', source: 'alertmanager' } as const;
const over = { declare, firing: [], cleared: [], severity: null, resolve: true };

const resolveAll = (handle: Handle, dedupKey: string, onceAs?: string): Promise<Delivered> =>
  deliver([{ ...over, dedupKey }], principal, handle, onceAs);

/** Has so many signals fire by this key; the incident they are of. */
async function fire(handle: Handle, dedupKey: string, count: number, severity: 'SEV1' | 'SEV3' = 'SEV3') {
  let state: IncidentState | undefined;
  for (let from = 0; from < count; from += 64) {
    const alerts = Array.from({ length: Math.min(64, count - from) }, (_, n) =>
      firing(`${dedupKey} ${from + n}`),
    );
    const input = { ...over, dedupKey, declare: { ...declare, severity }, resolve: false, firing: alerts };
    const answer = await handle({
      organizationId,
      actor: ingest.actor,
      target: { by: 'dedupKey', key: dedupKey },
      command: { name: 'receiveSignals', input },
    });
    state = done(answer).incident?.state;
  }
  if (state === undefined) throw new Error('Nothing fires.');
  return state;
}

const count = (entries: readonly LedgerEntry[], type: string) =>
  entries.filter((entry) => entry.type === type).length;

/** A door that is overloaded after so many requests. */
function failingAfter(handle: Handle, requests: number): Handle {
  let left = requests;
  return async (request) => {
    if (left-- <= 0) throw new OverloadedError(1);
    return handle(request);
  };
}

describe('on a database', () => {
  let database: TestDatabase;
  let store: WriteStore;
  let handle: Handle;
  /** The most open signals one load brought. */
  let mostLoaded = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    const real = createPostgresStore(database);
    store = {
      ...real,
      async load(request) {
        const loaded = await real.load(request);
        mostLoaded = Math.max(mostLoaded, loaded.openSignals.length);
        return loaded;
      },
    };
    const clock = fakeClock();
    const administrator = { userId: 'ada', name: 'Ada', email: 'ada@example.org' };
    await foundOrganization(database, {
      organizationId,
      slug: 'resolving',
      name: 'Resolving',
      at: clock.now(),
      commandId: v7(),
      administrator,
      key: null,
    });
    const inbox = { committed: () => {}, ring: () => {} };
    handle = createHandle({ store, clock, inbox, log: { warn: () => {}, error: () => {} } });
  });
  afterAll(() => database?.drop());
  beforeEach(() => {
    mostLoaded = 0;
  });

  async function entriesOf(incidentId: string): Promise<LedgerEntry[]> {
    const all: LedgerEntry[] = [];
    for (let from = 1; ; from += 1_000) {
      const page = await store.entries(organizationId, 'INCIDENTS', from, from + 999);
      all.push(...page.filter((entry) => entry.incidentId === incidentId));
      if (page.length < 1_000) return all;
    }
  }

  it('thousands are cleared a commit at a time, and the incident resolves with the last', async () => {
    const { id } = await fire(handle, 'thousands', 3_000);
    mostLoaded = 0;
    expect(await resolveAll(handle, 'thousands')).toEqual({ kind: 'committed' });
    const entries = await entriesOf(id);
    expect([count(entries, 'INCIDENT_SIGNAL_CLEARED'), count(entries, 'INCIDENT_RESOLVED')]).toEqual([
      3_000, 1,
    ]);
    expect(entries.at(-1)?.type).toBe('INCIDENT_RESOLVED');
    const ofCommand = new Map<string, number>();
    for (const { type, commandId } of entries) {
      if (type !== 'INCIDENT_SIGNAL_CLEARED') continue;
      ofCommand.set(commandId, (ofCommand.get(commandId) ?? 0) + 1);
    }
    expect(Math.max(...ofCommand.values())).toBe(64);
    expect(mostLoaded).toBe(64);
    expect(Math.max(...entries.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(16_384);
    expect(await compareProjections(database, organizationId)).toEqual([]);
  });

  it('what lies with merged incidents is cleared by its own key, and holds the whole open until the last', async () => {
    const keys = Array.from({ length: 12 }, (_, n) => `part ${n}`);
    const [winner, ...losers] = await Promise.all(keys.map((key) => fire(handle, key, 150)));
    if (winner === undefined) throw new Error('Nothing fires.');
    for (const { id } of losers) {
      const command = {
        name: 'mergeIncidents',
        input: { intoIncidentId: winner.id, reason: 'One outage' },
      } as const;
      done(await handle({ organizationId, actor: ada, target: { by: 'id', incidentId: id }, command }));
    }
    mostLoaded = 0;
    const [last = '', ...others] = keys;
    const told = await Promise.all(others.map((key) => resolveAll(handle, key)));
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['committed']));
    const before = await entriesOf(winner.id);
    expect([count(before, 'INCIDENT_SIGNAL_CLEARED'), count(before, 'INCIDENT_RESOLVED')]).toEqual([
      11 * 150,
      0,
    ]);
    // Eleven keys may come in one batch.
    expect(mostLoaded).toBeLessThanOrEqual(11 * 64);
    await resolveAll(handle, last);
    const after = await entriesOf(winner.id);
    expect([count(after, 'INCIDENT_SIGNAL_CLEARED'), count(after, 'INCIDENT_RESOLVED')]).toEqual([
      12 * 150,
      1,
    ]);
    expect(await compareProjections(database, organizationId)).toEqual([]);
  });

  it('what was cleared before a failure stays so, and the delivery clears the rest when it comes again', async () => {
    const { id } = await fire(handle, 'failing', 400);
    expect(await resolveAll(failingAfter(handle, 2), 'failing')).toEqual({
      kind: 'busy',
      retryAfterSeconds: 1,
    });
    const half = await entriesOf(id);
    expect([count(half, 'INCIDENT_SIGNAL_CLEARED'), count(half, 'INCIDENT_RESOLVED')]).toEqual([128, 0]);
    expect(await resolveAll(handle, 'failing')).toEqual({ kind: 'committed' });
    const all = await entriesOf(id);
    expect([count(all, 'INCIDENT_SIGNAL_CLEARED'), count(all, 'INCIDENT_RESOLVED')]).toEqual([400, 1]);
  });
});

describe('at the door', () => {
  const openOf = ({ organization }: ReturnType<typeof openDoor>) =>
    [...organization.signals.values()].filter(({ cleared_at }) => cleared_at === null).length;

  it('an incident that no connector may resolve is cleared, and stays open', async () => {
    const opened = openDoor();
    const { id } = await fire(opened.door, 'k', 200, 'SEV1');
    expect(await resolveAll(opened.door, 'k')).toEqual({ kind: 'committed' });
    const { state } = opened.organization.incidents.get(id) ?? {};
    expect([openOf(opened), JSON.parse(state ?? '{}')]).toMatchObject([
      0,
      { status: 'REPORTED', openSignalCount: 0 },
    ]);
  });

  it('a delivery that counts once goes on where it ended, and clears nothing of what came after', async () => {
    const opened = openDoor();
    await fire(opened.door, 'k', 200);
    expect(await resolveAll(failingAfter(opened.door, 2), 'k', 'once')).toMatchObject({ kind: 'busy' });
    expect(openOf(opened)).toBe(72);
    expect(await resolveAll(opened.door, 'k', 'once')).toEqual({ kind: 'committed' });
    expect(openOf(opened)).toBe(0);
    await fire(opened.door, 'k', 70);
    expect(await resolveAll(opened.door, 'k', 'once')).toEqual({ kind: 'committed' });
    expect(openOf(opened)).toBe(70);
  });

  it('however many say so at once, beside what clears by itself, each is answered when none is left', async () => {
    const deliveries = fc.array(
      fc.oneof(fc.constant('all' as const), fc.array(fc.nat(199), { minLength: 1, maxLength: 64 })),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), deliveries, async (size, told) => {
        const opened = openDoor();
        await fire(opened.door, 'k', size);
        const each = [...told, 'all' as const].map(async (what) => {
          if (what === 'all') {
            expect(await resolveAll(opened.door, 'k')).toEqual({ kind: 'committed' });
            return expect(openOf(opened)).toBe(0);
          }
          const cleared = what.map((n) => ({ fingerprint: `k ${n}`, at: null }));
          const some = { ...over, dedupKey: 'k', resolve: false, cleared };
          return expect(await deliver([some], principal, opened.door)).toEqual({ kind: 'committed' });
        });
        await Promise.all(each);
        const { INCIDENTS: entries } = opened.organization.ledgers;
        expect(count(entries, 'INCIDENT_SIGNAL_CLEARED')).toBe(size);
        expect(count(entries, 'INCIDENT_RESOLVED')).toBe(1);
      }),
      { numRuns: 60 },
    );
  });
});
