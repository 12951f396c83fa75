import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

const deadlines = Number(process.env.WARROOM_DEADLINES ?? 2_000);
const acknowledgeWithinMinutes = 15;
/** Milliseconds: what product promise 2 allows when thousands fall due in one second, or an instance is killed. */
const lateAtMost = 30_000;
/** Milliseconds after which a claim lapses, and someone else may take it up again. */
const leaseAtMost = 2_000;

let database: StoryDatabase;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  database = await openStoryDatabase({ fresh: true });
  const count = database.mode === 'server' ? 2 : 1;
  // Started together: they race for the migrations as well.
  servers.push(
    ...(await Promise.all(Array.from({ length: count }, () => startServerProcess(database.environment)))),
  );
}, 120_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
});

const first = () => servers[0] as ServerProcess;
const sleepUntil = (instant: number) => new Promise((wake) => setTimeout(wake, instant - Date.now()));

async function head(): Promise<number> {
  const answer = await post<{ ledgerHead: { sequence: number } }>(
    first().url,
    storyKey,
    '{ ledgerHead { sequence } }',
  );
  if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
  return answer.data.ledgerHead.sequence;
}

interface Breach {
  readonly sequence: number;
  readonly at: string;
  readonly payload: { readonly kind: string; readonly dueAt: string };
  readonly incident: { readonly id: string };
}

/** Every breach after `after`. */
async function breaches(after: number): Promise<Breach[]> {
  const found: Breach[] = [];
  for (;;) {
    const answer = await post<{ incidentEvents: { nodes: Breach[] } }>(
      first().url,
      storyKey,
      'query($after: SafeInt!) { incidentEvents(afterSequence: $after, first: 100, filter: { types: [INCIDENT_SLA_BREACHED] }) { nodes { sequence at payload incident { id } } } }',
      { after: found.at(-1)?.sequence ?? after },
    );
    if (answer.data === null) throw new Error(JSON.stringify(answer.errors));
    found.push(...answer.data.incidentEvents.nodes);
    if (answer.data.incidentEvents.nodes.length < 100) return found;
  }
}

/** What was declared to fall due in one second. */
interface Declared {
  /** When the second begins, in epoch milliseconds. */
  readonly dueAt: number;
  readonly ids: ReadonlySet<string>;
  /** The ledger's head when all of it was written, and nothing of it was due. */
  readonly head: number;
}

/** Declares them through every server; null, with how far it came, when the second begins before the last is there. */
async function tryToDeclare(dueAt: number): Promise<Declared | { readonly declared: number }> {
  const ids = new Set<string>();
  let next = 0;
  const declare = async (worker: number) => {
    for (let n = next; n < deadlines && Date.now() < dueAt; n = next) {
      next += 1;
      const due = dueAt + Math.floor((n * 1_000) / deadlines);
      const detectedAt = new Date(due - acknowledgeWithinMinutes * 60_000).toISOString();
      const server = servers[worker % servers.length] as ServerProcess;
      const { incident } = await mutate<{ incident: { id: string; reportedAt: string } }>(
        server.url,
        storyKey,
        'declareIncident',
        { title: `due ${n}`, severity: 'SEV1', detectedAt },
        'incident { id reportedAt }',
      );
      if (Date.parse(incident.reportedAt) < dueAt) ids.add(incident.id);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, worker) => declare(worker)));
  const headThen = await head();
  // What fires before the head is read would be counted as declared.
  if (ids.size < deadlines || Date.now() > dueAt) return { declared: ids.size };
  return { dueAt, ids, head: headThen };
}

/** As far ahead as this machine needs to have all declared before the first is due: found out by trying. */
async function declareAllBeforeTheyAreDue(): Promise<Declared> {
  let lead = 5_000;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const tried = await tryToDeclare(Math.ceil((Date.now() + lead) / 1_000) * 1_000);
    if ('ids' in tried) return tried;
    // What was declared too late fires now, and would take its share of the next try.
    await sleepUntil(Date.now() + 3_000);
    lead = Math.max(2 * lead, Math.min(120_000, (1.5 * lead * deadlines) / Math.max(tried.declared, 1)));
  }
  throw new Error(`${deadlines} incidents cannot be declared within ${lead / 1_000} s.`);
}

/**
 * Waits until all have fired, and then long enough for a claim to be taken up twice. `servedFrom`, in epoch
 * milliseconds: nobody served until then, and lateness counts from there.
 */
async function expectEachOnce({ dueAt, ids, head: before }: Declared, servedFrom = 0): Promise<void> {
  const ofThese = async () => (await breaches(before)).filter(({ incident }) => ids.has(incident.id));
  const inTimeFrom = Math.max(dueAt + 1_000, servedFrom);
  const giveUpAt = inTimeFrom + 2 * lateAtMost;
  let fired = await ofThese();
  while (new Set(fired.map(({ incident }) => incident.id)).size < ids.size && Date.now() < giveUpAt) {
    await sleepUntil(Date.now() + 250);
    fired = await ofThese();
  }
  const allSeenAfter = Date.now() - inTimeFrom;
  await sleepUntil(Date.now() + leaseAtMost + 1_000);
  fired = await ofThese();
  expect(fired.length).toBe(ids.size);
  expect(new Set(fired.map(({ incident }) => incident.id))).toEqual(ids);
  expect(fired.filter(({ at, payload }) => at < payload.dueAt)).toEqual([]);
  const lateness = fired.map(
    ({ at, payload }) => Date.parse(at) - Math.max(Date.parse(payload.dueAt), servedFrom),
  );
  expect(Math.max(...lateness)).toBeLessThanOrEqual(lateAtMost);
  expect(allSeenAfter).toBeLessThanOrEqual(lateAtMost);
}

test(
  `${deadlines} deadlines due in one second, raced for by every instance: each fires once, none early, all within 30 s`,
  async () => {
    const declared = await declareAllBeforeTheyAreDue();
    await sleepUntil(declared.dueAt);
    await expectEachOnce(declared);
  },
  300_000 + deadlines * 50,
);

test(
  `${deadlines} deadlines due in one second, and an instance killed in the middle: each fires once, none early, all within 30 s`,
  async () => {
    const declared = await declareAllBeforeTheyAreDue();
    await sleepUntil(declared.dueAt);
    let firedBefore = 0;
    while (firedBefore < deadlines / 10) firedBefore = (await head()) - declared.head;
    const killed = servers.pop() as ServerProcess;
    await killed.stop('SIGKILL');
    expect(firedBefore).toBeLessThan(deadlines);
    // Embedded there is no other instance: the next one finds what this one leaves.
    const alone = servers.length === 0;
    if (alone) servers.push(await startServerProcess(database.environment));
    await expectEachOnce(declared, alone ? Date.now() : 0);
  },
  300_000 + deadlines * 50,
);
