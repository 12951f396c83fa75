import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { type LedgerEvent, wholeLedger } from './ledger.ts';

const kills = Number(process.env.WARROOM_KILLS ?? 10);
const writers = 8;
/** Mutations acknowledged, at least, before each kill. */
const writesARound = 25;
const acknowledgeWithin = 15 * 60_000;
/** Milliseconds after a deadline, or after the server is ready again, by which it has fired. */
const lateAtMost = 2_000;
/** Milliseconds in which a server is ready on a machine that has nothing else to do. */
const readyWithin = 3_000;

let database: StoryDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

interface Acknowledged {
  readonly sequence: number;
  readonly hash: string;
}

interface Written {
  readonly sequence: number;
  readonly events: readonly { readonly sequence: number; readonly hash: string }[];
}

/** Declares incidents until the server dies; every third falls due a second or two after it is declared. */
async function write(
  round: number,
  writer: number,
  acknowledged: Acknowledged[],
  unsure: Map<string, object>,
) {
  for (let n = 0; ; n += 1) {
    const key = `kill-${round}-${writer}-${n}`;
    const detectedAt = new Date(Date.now() - acknowledgeWithin + 1_000 + n * 20).toISOString();
    const input = {
      title: key,
      severity: 'SEV1',
      idempotencyKey: key,
      ...(n % 3 === 0 ? { detectedAt } : {}),
    };
    unsure.set(key, input);
    try {
      const done = await mutate<Written & Record<string, unknown>>(
        server.url,
        storyKey,
        'declareIncident',
        input,
        'sequence events { sequence hash }',
      );
      unsure.delete(key);
      acknowledged.push(...done.events);
    } catch {
      return;
    }
  }
}

const pause = (milliseconds: number) => new Promise((wake) => setTimeout(wake, milliseconds));

/** When there was no server, in epoch milliseconds. */
interface Absence {
  readonly from: number;
  readonly to: number;
}

const dueAtOf = (event: LedgerEvent): number =>
  Date.parse(String(event.payload.detectedAt)) + acknowledgeWithin;

/** Every incident whose acknowledgement falls due within seconds of its declaration; the others take a quarter of an hour. */
const isDeclaredToBreach = (event: LedgerEvent): boolean =>
  event.type === 'INCIDENT_CREATED' && dueAtOf(event) < Date.parse(event.at) + acknowledgeWithin / 2;

/** The instant by which what it is declared to do has to have fired: nobody fires while there is no server. */
function inTime(declared: LedgerEvent, absences: readonly Absence[]): number {
  // What was sent again may be past its deadline when it is declared.
  const from = Math.max(dueAtOf(declared), Date.parse(declared.at));
  let latest = from + lateAtMost;
  for (const absence of absences)
    if (from < absence.to && absence.from < latest) latest = absence.to + lateAtMost;
  return latest;
}

/** The breaches of each incident. */
function breachesOf(ledger: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const breaches = new Map<string, LedgerEvent[]>();
  for (const event of ledger) {
    if (event.type !== 'INCIDENT_SLA_BREACHED') continue;
    breaches.set(event.incident.id, [...(breaches.get(event.incident.id) ?? []), event]);
  }
  return breaches;
}

/** The ledger once every deadline in it has fired, and long enough after that for one to fire twice. */
async function ledgerWhenAllHaveFired(): Promise<LedgerEvent[]> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const ledger = await wholeLedger(server.url);
    const breaches = breachesOf(ledger);
    const open = ledger.filter((event) => isDeclaredToBreach(event) && !breaches.has(event.incident.id));
    if (open.length === 0 || Date.now() > giveUpAt) break;
    await pause(500);
  }
  await pause(3_000);
  return wholeLedger(server.url);
}

test(
  `kill -9 ${kills} times under load: nothing acknowledged is missing, no deadline is lost, doubled, early or late`,
  async () => {
    const acknowledged: Acknowledged[] = [];
    const unsure = new Map<string, object>();
    const absences: Absence[] = [];
    let slowest = server.readyAfter;
    for (let round = 0; round < kills; round += 1) {
      const writing = Array.from({ length: writers }, (_, writer) =>
        write(round, writer, acknowledged, unsure),
      );
      const enough = acknowledged.length + writesARound;
      while (acknowledged.length < enough) await pause(20);
      await pause(Math.random() * 500);
      const from = Date.now();
      await server.stop('SIGKILL');
      await Promise.all(writing);
      server = await startServerProcess(database.environment);
      absences.push({ from, to: Date.now() });
      slowest = Math.max(slowest, server.readyAfter);
    }

    // What was cut off mid-flight is sent again with the same key: one effect each, whether or not it had happened.
    const retried = new Set<string>();
    for (const [key, input] of unsure) {
      await mutate(server.url, storyKey, 'declareIncident', input as Record<string, unknown>, 'sequence');
      retried.add(key);
    }

    const ledger = await ledgerWhenAllHaveFired();
    expect(ledger.map((event) => event.sequence)).toEqual(ledger.map((_, index) => index + 1));
    const hashes = new Map(ledger.map((event) => [event.sequence, event.hash]));
    expect(acknowledged.filter((entry) => hashes.get(entry.sequence) !== entry.hash)).toEqual([]);

    const titles = ledger
      .filter((event) => event.type === 'INCIDENT_CREATED')
      .map((event) => String(event.payload.title));
    expect(new Set(titles).size).toBe(titles.length);
    expect([...retried].filter((key) => !titles.includes(key))).toEqual([]);

    const breaches = breachesOf(ledger);
    const due = ledger.filter(isDeclaredToBreach);
    expect(due.length).toBeGreaterThan(kills * 5);
    expect(due.filter((event) => breaches.get(event.incident.id)?.length !== 1)).toEqual([]);
    const fired = due.map((event) => {
      const at = Date.parse(breaches.get(event.incident.id)?.[0]?.at ?? '');
      return { early: dueAtOf(event) - at, late: at - inTime(event, absences) };
    });
    expect(Math.max(...fired.map(({ early }) => early))).toBeLessThanOrEqual(0);
    // A machine that is busy with other things is slow to fire as it is slow to start: up to five times as slow.
    const patience = lateAtMost * Math.min(4, Math.max(0, slowest / readyWithin - 1));
    expect(Math.max(...fired.map(({ late }) => late))).toBeLessThanOrEqual(patience);
  },
  300_000 + kills * 20_000,
);
