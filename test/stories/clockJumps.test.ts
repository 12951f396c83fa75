import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';
import { type LedgerEvent, wholeLedger } from './ledger.ts';

// Instances whose machines do not know the time: only the database's clock counts.

const deadlines = Number(process.env.WARROOM_JUMPS ?? 200);
const acknowledgeWithin = 15 * 60_000;
const minutes = 60_000;

let database: StoryDatabase;
const servers: ServerProcess[] = [];

function skewed(by: number, jump: number): Promise<ServerProcess> {
  const preload = new URL(`../support/skewedClock.mjs?by=${by}&jump=${jump}`, import.meta.url);
  return startServerProcess({ ...database.environment, NODE_OPTIONS: `--import=${preload.href}` });
}

beforeAll(async () => {
  database = await openStoryDatabase();
  servers.push(await skewed(5 * minutes, 60 * minutes));
  if (database.mode === 'server') servers.push(await skewed(-5 * minutes, 0));
}, 120_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
});

const breachesIn = (ledger: readonly LedgerEvent[]): LedgerEvent[] =>
  ledger.filter(({ type }) => type === 'INCIDENT_SLA_BREACHED');

const dueAtOf = ({ payload }: LedgerEvent): number => Date.parse(String(payload.dueAt));

test(
  `${deadlines} deadlines on instances whose clocks jump by an hour and are minutes apart: none early, none double`,
  async () => {
    const url = (servers[0] as ServerProcess).url;
    const ids = new Set<string>();
    const declare = async (n: number): Promise<void> => {
      const due = Date.now() + 1_000 + Math.random() * 4_000;
      const { incident } = await mutate<{ incident: { id: string; reportedAt: string } }>(
        (servers[n % servers.length] as ServerProcess).url,
        storyKey,
        'declareIncident',
        {
          title: `due ${n}`,
          severity: 'SEV1',
          detectedAt: new Date(due - acknowledgeWithin).toISOString(),
        },
        'incident { id reportedAt }',
      );
      // What the server wrote is the database's time, which here is this machine's.
      expect(Math.abs(Date.parse(incident.reportedAt) - Date.now())).toBeLessThan(2 * minutes);
      ids.add(incident.id);
    };
    for (let n = 0; n < deadlines; n += 1) await declare(n);
    const early: LedgerEvent[] = [];
    let fired: LedgerEvent[] = [];
    const giveUpAt = Date.now() + 60_000;
    while (fired.length < deadlines && Date.now() < giveUpAt) {
      fired = breachesIn(await wholeLedger(url));
      early.push(...fired.filter((event) => dueAtOf(event) > Date.now()));
      await new Promise((wake) => setTimeout(wake, 200));
    }
    // Long enough for a claim to lapse and be taken up twice.
    await new Promise((wake) => setTimeout(wake, 3_000));
    fired = breachesIn(await wholeLedger(url));
    expect(early).toEqual([]);
    expect(fired.filter((event) => Date.parse(event.at) < dueAtOf(event))).toEqual([]);
    expect(fired).toHaveLength(deadlines);
    expect(new Set(fired.map(({ incident }) => incident.id))).toEqual(ids);
    // Nor is anything put off by a clock that runs behind.
    const lateness = fired.map((event) => Date.parse(event.at) - dueAtOf(event));
    expect(Math.max(...lateness)).toBeLessThan(minutes);
  },
  180_000 + deadlines * 500,
);
