import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { WebSocket } from 'ws';
import { makeClassicTables } from './baseline/classicTables.ts';
import { inFreshDatabase } from './support/benchDatabase.ts';
import { effort, quick } from './support/effort.ts';
import { addNote, declareIncident } from './support/graphql.ts';
import { HttpConnection } from './support/httpConnection.ts';
import { monotonic } from './support/monotonic.ts';
import type { CommitTimes } from './support/probe.ts';
import {
  baseline,
  benchKey,
  type Measured,
  startProcess,
  startWarroom,
  whileRunning,
} from './support/processes.ts';
import { atMost, median, percentile, type Row } from './support/row.ts';
import { openMany, subscribe } from './support/subscriber.ts';

const subscribers = 200;
const events = quick ? 50 : 200;
const warmUpEvents = 30;

const subscription = `subscription { incidentEvents {
  sequence type at message version isPublic statusBefore statusAfter payload } }`;

/** Sockets in this process, and when they got what. */
interface Audience {
  /** Arrivals of the event under way; everyone has it when it holds one a subscriber. */
  readonly arrivals: number[];
}

/** One write; answers when its committing statement left and was answered, or null when that is asked for later. */
type Write = (n: number) => Promise<CommitTimes | null>;

interface Run {
  /** Milliseconds from the committing statement to the subscriber, of every event and subscriber. */
  readonly latencies: number[];
  /** The same, of the first subscriber of every event alone. */
  readonly first: number[];
  /**
   * From the database's answer as its client saw it. The baseline's client is the bench itself, which is busy hearing
   * subscribers then: its answers are seen late, so these flatter the baseline.
   */
  readonly fromAnswer: number[];
}

/** Writes one event after the other, each when everyone has the last one. */
async function arrivalsOf(audience: Audience, write: Write, count: number) {
  const found: { commit: CommitTimes | null; arrivals: number[] }[] = [];
  for (let n = 0; n < count; n += 1) {
    audience.arrivals.length = 0;
    const commit = await write(n);
    const patience = monotonic() + 10_000;
    while (audience.arrivals.length < subscribers) {
      if (monotonic() > patience) {
        throw new Error(`${subscribers - audience.arrivals.length} subscribers never got an event.`);
      }
      await sleep(1);
    }
    found.push({ commit, arrivals: [...audience.arrivals] });
    // Past the moment in which everything is still warm, and off the beat of every timer.
    await sleep(3 + (n % 7));
  }
  return found;
}

async function ourRun(server: Measured, audience: Audience, write: Write): Promise<Run> {
  await server.ask('commits');
  const found = await arrivalsOf(audience, write, events);
  const commits = await server.ask('commits');
  if (commits.length !== events) throw new Error(`${commits.length} commits for ${events} events.`);
  return runOf(found.map(({ arrivals }, n) => ({ arrivals, commit: commits[n] })));
}

async function baselineRun(audience: Audience, write: Write): Promise<Run> {
  return runOf(await arrivalsOf(audience, write, events));
}

function runOf(
  found: readonly { readonly commit: CommitTimes | null | undefined; readonly arrivals: number[] }[],
): Run {
  const since = (of: keyof CommitTimes) =>
    found.flatMap(({ arrivals, commit }) =>
      arrivals.map((arrival) => arrival - (commit?.[of] ?? Number.NaN)),
    );
  const first = found.map(({ arrivals, commit }) => Math.min(...arrivals) - (commit?.sent ?? Number.NaN));
  return { latencies: since('sent'), first, fromAnswer: since('answered') };
}

async function ourAudience(server: Measured): Promise<Audience & { close(): void }> {
  const arrivals: number[] = [];
  const opened = await openMany(subscribers, () =>
    subscribe({
      url: server.url,
      key: benchKey,
      query: subscription,
      onNext: () => void arrivals.push(monotonic()),
    }),
  );
  return { arrivals, close: () => closeAll(opened.map((one) => one.close)) };
}

function closeAll(closes: readonly (() => void)[]): void {
  for (const close of closes) close();
}

async function baselineAudience(server: Measured): Promise<Audience & { close(): void }> {
  const arrivals: number[] = [];
  const sockets = await openMany(
    subscribers,
    () =>
      new Promise<WebSocket>((done, fail) => {
        const socket = new WebSocket(server.url.replace('http', 'ws'), { perMessageDeflate: false });
        socket.on('message', () => void arrivals.push(monotonic()));
        socket.once('open', () => done(socket));
        socket.once('error', fail);
      }),
  );
  return { arrivals, close: () => closeAll(sockets.map((socket) => () => socket.terminate())) };
}

/** A note on the incident through the API; when it was committed is asked of the probe. */
async function ourWriter(server: Measured): Promise<{ write: Write; close(): void }> {
  const incidentId = await declareIncident(server.url, benchKey);
  const connection = await HttpConnection.open(`${server.url}/graphql`, {
    authorization: `Bearer ${benchKey}`,
  });
  return {
    close: () => connection.close(),
    async write(n) {
      const variables = { input: { incidentId, message: `Still looking at the checkout, ${n}` } };
      const { status, body } = await connection.post(JSON.stringify({ query: addNote, variables }));
      if (status !== 200 || !body.includes('"sequence":')) throw new Error(`refused: ${status} ${body}`);
      return null;
    },
  };
}

async function baselineWriter(url: string): Promise<{ write: Write; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const [organization] = await makeClassicTables(client, 1, 1);
  return {
    close: () => client.end(),
    async write(n) {
      // As long as what our subscribers are sent.
      const body = JSON.stringify({ sequence: n, type: 'INCIDENT_NOTE_ADDED', padding: 'x'.repeat(380) });
      const values = [organization?.id, organization?.incidents[0], body, new Date()];
      const sent = monotonic();
      await client.query({ name: 'write', text: 'select baseline.write_note($1, $2, $3, $4)', values });
      return { sent, answered: monotonic() };
    },
  };
}

/** Events written through `writing`, read by subscribers of `reading`, against the baseline, in turns. */
async function measure(url: string, writing: Measured, reading: Measured) {
  const listener = await startProcess(baseline('listenServer'), [url]);
  return whileRunning([listener], async () => {
    const theirs = await baselineWriter(url);
    const ours = await ourWriter(writing);
    const ourPlaces = await ourAudience(reading);
    const theirPlaces = await baselineAudience(listener);
    await arrivalsOf(theirPlaces, theirs.write, warmUpEvents);
    await arrivalsOf(ourPlaces, ours.write, warmUpEvents);
    const found: { ours: Run; baseline: Run }[] = [];
    for (let run = 0; run < effort.runs; run += 1) {
      found.push({
        baseline: await baselineRun(theirPlaces, theirs.write),
        ours: await ourRun(writing, ourPlaces, ours.write),
      });
    }
    ourPlaces.close();
    theirPlaces.close();
    ours.close();
    await theirs.close();
    return found;
  });
}

function rows(name: string, bar: number, found: readonly { ours: Run; baseline: Run }[]): Row[] {
  const of = (side: 'ours' | 'baseline', share: number, what: keyof Run = 'latencies') =>
    median(found.map((run) => percentile(run[side][what], share)));
  const both = (share: number, what: keyof Run) => ({
    ours: of('ours', share, what),
    baseline: of('baseline', share, what),
  });
  const shares = { p50: 0.5, p99: 0.99 } as const;
  return Object.entries(shares).map(([share, value]) => {
    const detail = { subscribers, fromAnswer: both(value, 'fromAnswer'), first: both(value, 'first') };
    return atMost(`${name}, ${share}`, 'ms', of('ours', value), of('baseline', value), bar, detail);
  });
}

/**
 * From the statement that commits to the subscriber: with one instance, and written through one and read from another.
 * The baseline commits the same durable rows with a NOTIFY, heard by a raw LISTEN client that serves as many sockets.
 */
export async function benchLatency(): Promise<Row[]> {
  const one = await inFreshDatabase(async (url) => {
    const server = await startWarroom({ DATABASE_URL: url }, { probe: true });
    return whileRunning([server], () => measure(url, server, server));
  });
  const two = await inFreshDatabase(async (url) => {
    const writing = await startWarroom({ DATABASE_URL: url }, { probe: true });
    return whileRunning([writing], async () => {
      const reading = await startWarroom({ DATABASE_URL: url });
      return whileRunning([reading], () => measure(url, writing, reading));
    });
  });
  const name = `Commit → ${subscribers} subscribers`;
  return [...rows(`${name}, one instance`, 1.5, one), ...rows(`${name}, two instances`, 3, two)];
}
