import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase, sqlOnServer } from '../support/storyDatabase.ts';
import { asSuperuser } from '../support/superuser.ts';
import { cuttableFollower, type Follower } from './follower.ts';

const disconnects = Number(process.env.WARROOM_DISCONNECTS ?? 500);
/** More events than an instance keeps at hand (1,024): who comes later is served from the database. */
const moreThanAtHand = 1_100;
/** Events written, at least, while the disconnects go on. */
const events = Math.max(2 * disconnects, moreThanAtHand + 400);
const restarts = Math.max(2, Math.round(disconnects / 250));
const writers = 24;
const followers = 10;
const lateFollowers = 2;
/** The database itself refuses a batch with one of these in it: within the commit's function, or at its very end. */
const poison = 'POISON';
const poisons = [`${poison} WITHIN`, `${poison} AT THE END`] as const;

let database: StoryDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
  await server.stop();
  await asSuperuser(database.settings, async (login) => {
    await login.query(`create function warroom.refuse_poison() returns trigger language plpgsql as $$
      begin raise exception 'poisoned'; end $$`);
    for (const [index, when] of ['not deferrable', 'deferrable initially deferred'].entries())
      await login.query(`create constraint trigger refuse_poison_${index} after insert on warroom.ledger_event
        ${when} for each row when (new.body like '%${poisons[index]}%')
        execute function warroom.refuse_poison()`);
  });
  server = await startServerProcess(database.environment);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

/** What the writers were told. */
interface Told {
  /** Sequence → hash of every event whose mutation answered success. */
  readonly acknowledged: Map<number, string>;
  poisoned: number;
  conflicts: number;
}

interface Noted {
  readonly __typename: string;
  readonly events?: readonly { readonly sequence: number; readonly hash: string }[];
}

/** Writes to random incidents until told to stop: every tenth write is rolled back, some want a version that is gone. */
async function write(ids: readonly string[], writer: number, told: Told, stop: () => boolean): Promise<void> {
  for (let n = 0; !stop(); n += 1) {
    const id = ids[Math.floor(Math.random() * ids.length)];
    const isPoisoned = n % 10 === 0;
    const racing = n % 10 === 5 ? ', expectedVersion: 3' : '';
    const message = `note ${writer}-${n}${isPoisoned ? ` ${poisons[(n / 10) % 2]}` : ''}`;
    const answer = await post<{ addIncidentNote: Noted }>(
      server.url,
      storyKey,
      `mutation { addIncidentNote(input: { incidentId: "${id}", message: "${message}"${racing} }) {
        __typename ... on AddIncidentNotePayload { events { sequence hash } } } }`,
    ).catch(() => null);
    // The server is gone for a moment: what became of it, nobody was told.
    if (answer === null) await new Promise((wake) => setTimeout(wake, 50));
    const noted = answer?.data?.addIncidentNote;
    if (isPoisoned && answer?.errors[0]?.extensions?.code === 'INTERNAL') told.poisoned += 1;
    if (noted?.__typename === 'ConflictError') told.conflicts += 1;
    for (const { sequence, hash } of noted?.events ?? []) told.acknowledged.set(sequence, hash);
  }
}

async function declareIncidents(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const input = { title: `incident ${n}`, severity: 'SEV4' };
    const done = await mutate<{ incident: { id: string } }>(
      server.url,
      storyKey,
      'declareIncident',
      input,
      'incident { id }',
    );
    ids.push(done.incident.id);
  }
  return ids;
}

/** On a server, more rollbacks: its backends are ended in the middle of whatever they do. */
async function endBackends(stop: () => boolean): Promise<void> {
  while (!stop() && database.mode === 'server') {
    await new Promise((wake) => setTimeout(wake, 250));
    await sqlOnServer(
      database,
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state = 'active' limit 1`,
    );
  }
}

/** Kills the server without a word and starts it again, spread over the disconnects. */
async function restart(all: readonly Follower[], stop: () => boolean): Promise<void> {
  for (let n = 1; n <= restarts; n += 1) {
    while (cutsOf(all) < (n * disconnects) / (restarts + 1) && !stop())
      await new Promise((wake) => setTimeout(wake, 20));
    await server.stop('SIGKILL');
    server = await startServerProcess(database.environment);
  }
}

const cutsOf = (all: readonly Follower[]): number => all.reduce((sum, { cuts }) => sum + cuts, 0);

test(
  `${disconnects} random disconnects and ${restarts} kills while ${writers} writers run, a tenth rolled back: no gap, no duplicate`,
  async () => {
    const ids = await declareIncidents(8);
    const told: Told = { acknowledged: new Map(), poisoned: 0, conflicts: 0 };
    const punctual = Array.from({ length: followers }, () => cuttableFollower(() => server.url, storyKey));
    const late = Array.from({ length: lateFollowers }, () => cuttableFollower(() => server.url, storyKey));
    const all = [...punctual, ...late];
    // The test waits for the work, however long this machine takes for it.
    let restarted = false;
    const done = () =>
      restarted &&
      cutsOf(all) >= disconnects &&
      told.acknowledged.size >= events &&
      late.every(({ cuts }) => cuts > 5);
    const working = [
      ...Array.from({ length: writers }, (_, writer) => write(ids, writer, told, done)),
      ...punctual.map((follower) => follower.followUntil(done)),
      ...late.map(async (follower) => {
        while (told.acknowledged.size < moreThanAtHand) await new Promise((wake) => setTimeout(wake, 20));
        await follower.followUntil(done);
      }),
      endBackends(done),
      restart(all, done).then(() => {
        restarted = true;
      }),
    ];
    await Promise.all(working);

    const last = await mutate<{ sequence: number }>(
      server.url,
      storyKey,
      'addIncidentNote',
      { incidentId: ids[0], message: 'last' },
      'sequence',
    );
    expect(told.poisoned).toBeGreaterThan(events / 20);
    expect(told.conflicts).toBeGreaterThan(0);
    for (const follower of all) {
      await follower.followTo(last.sequence);
      const { seen } = follower;
      expect(seen.map((event) => event.sequence)).toEqual(
        Array.from({ length: last.sequence }, (_, index) => index + 1),
      );
      const broken = seen.filter((event, index) => index > 0 && event.previousHash !== seen[index - 1]?.hash);
      expect(broken).toEqual([]);
      expect(seen.filter((event) => event.message.includes(poison))).toEqual([]);
      const lost = [...told.acknowledged].filter(([sequence, hash]) => seen[sequence - 1]?.hash !== hash);
      expect(lost).toEqual([]);
    }
  },
  300_000 + disconnects * 500,
);
