import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const kills = Number(process.env.WARROOM_KILLS ?? 10);
const writers = 8;

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

/** Every event of the ledger: sequence → what the test compares. */
async function wholeLedger() {
  const events: {
    sequence: number;
    hash: string;
    type: string;
    message: string;
    incident: { id: string };
  }[] = [];
  for (;;) {
    const answer = await post<{ incidentEvents: { nodes: typeof events } }>(
      server.url,
      storyKey,
      'query($after: SafeInt!) { incidentEvents(afterSequence: $after, first: 100) { nodes { sequence hash type message payload incident { id } } } }',
      { after: events.at(-1)?.sequence ?? 0 },
    );
    if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
    events.push(...answer.data.incidentEvents.nodes);
    if (answer.data.incidentEvents.nodes.length < 100) return events;
  }
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
    const detectedAt = new Date(Date.now() - 15 * 60_000 + 1_000 + n * 20).toISOString();
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

test(
  `kill -9 ${kills} times under load: nothing acknowledged is missing, no deadline is lost or doubled`,
  async () => {
    const acknowledged: Acknowledged[] = [];
    const unsure = new Map<string, object>();
    for (let round = 0; round < kills; round += 1) {
      const writing = Array.from({ length: writers }, (_, writer) =>
        write(round, writer, acknowledged, unsure),
      );
      await new Promise((wake) => setTimeout(wake, 400 + Math.random() * 600));
      await server.stop('SIGKILL');
      await Promise.all(writing);
      server = await startServerProcess(database.environment);
    }

    // What was cut off mid-flight is sent again with the same key: one effect each, whether or not it had happened.
    const retried = new Set<string>();
    for (const [key, input] of unsure) {
      await mutate(server.url, storyKey, 'declareIncident', input as Record<string, unknown>, 'sequence');
      retried.add(key);
    }

    // Everything due so far has to have fired; the last ones fall due within seconds.
    await new Promise((wake) => setTimeout(wake, 3_000));
    const ledger = await wholeLedger();
    expect(ledger.map((event) => event.sequence)).toEqual(ledger.map((_, index) => index + 1));
    const hashes = new Map(ledger.map((event) => [event.sequence, event.hash]));
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(acknowledged.filter((entry) => hashes.get(entry.sequence) !== entry.hash)).toEqual([]);

    const titles = ledger
      .filter((event) => event.type === 'INCIDENT_CREATED')
      .map((event) => (event as unknown as { payload: { title: string } }).payload.title);
    expect(new Set(titles).size).toBe(titles.length);
    expect([...retried].filter((key) => !titles.includes(key))).toEqual([]);

    const now = Date.now();
    const due = ledger.filter(
      (event) =>
        event.type === 'INCIDENT_CREATED' &&
        Date.parse((event as unknown as { payload: { detectedAt: string } }).payload.detectedAt) +
          15 * 60_000 <
          now - 2_000,
    );
    const breaches = new Map<string, number>();
    for (const event of ledger) {
      if (event.type !== 'INCIDENT_SLA_BREACHED') continue;
      breaches.set(event.incident.id, (breaches.get(event.incident.id) ?? 0) + 1);
    }
    expect(due.length).toBeGreaterThan(kills);
    expect(
      due.filter((event) => breaches.get(event.incident.id) !== 1).map((event) => event.sequence),
    ).toEqual([]);
  },
  300_000 + kills * 20_000,
);
