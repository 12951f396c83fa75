import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const deadlines = 2_000;
const acknowledgeWithinMinutes = 15;

let database: StoryDatabase;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  database = await openStoryDatabase();
  const count = database.mode === 'server' ? 2 : 1;
  // Started together: they race for the migrations as well.
  servers.push(
    ...(await Promise.all(Array.from({ length: count }, () => startServerProcess(database.environment)))),
  );
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
});

interface Breach {
  readonly at: string;
  readonly payload: { readonly kind: string; readonly dueAt: string };
  readonly incident: { readonly id: string };
}

async function breaches(url: string): Promise<Breach[]> {
  const found: (Breach & { sequence: number })[] = [];
  for (;;) {
    const answer = await post<{ incidentEvents: { nodes: typeof found } }>(
      url,
      storyKey,
      'query($after: SafeInt!) { incidentEvents(afterSequence: $after, first: 100, filter: { types: [INCIDENT_SLA_BREACHED] }) { nodes { sequence at payload incident { id } } } }',
      { after: found.at(-1)?.sequence ?? 0 },
    );
    if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
    found.push(...answer.data.incidentEvents.nodes);
    if (answer.data.incidentEvents.nodes.length < 100) return found;
  }
}

test(`${deadlines} deadlines due in one second, raced for by every instance: each fires once, none early`, async () => {
  const dueAt = Math.ceil(Date.now() / 1_000) * 1_000 + 20_000;
  const ids: string[] = [];
  let next = 0;
  const declare = async (worker: number) => {
    for (;;) {
      const n = next;
      next += 1;
      if (n >= deadlines) return;
      const server = servers[worker % servers.length] as ServerProcess;
      const due = dueAt + Math.floor((n * 1_000) / deadlines);
      const detectedAt = new Date(due - acknowledgeWithinMinutes * 60_000).toISOString();
      const input = { title: `due ${n}`, severity: 'SEV1', detectedAt };
      const { incident } = await mutate<{ incident: { id: string } }>(
        server.url,
        storyKey,
        'declareIncident',
        input,
        'incident { id }',
      );
      ids.push(incident.id);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, worker) => declare(worker)));

  await new Promise((wake) => setTimeout(wake, dueAt + 1_000 - Date.now()));
  const url = (servers[0] as ServerProcess).url;
  let fired: Breach[] = [];
  for (let look = 0; look < 30 && fired.length < deadlines; look += 1) {
    await new Promise((wake) => setTimeout(wake, 1_000));
    fired = await breaches(url);
  }
  expect(fired.length).toBe(deadlines);
  expect(new Set(fired.map((event) => event.incident.id))).toEqual(new Set(ids));
  const early = fired.filter((event) => event.at < event.payload.dueAt);
  expect(early).toEqual([]);
}, 120_000);
