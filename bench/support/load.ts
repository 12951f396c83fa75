import { effort } from './effort.ts';
import { HttpConnection } from './httpConnection.ts';
import { median, percentile } from './row.ts';

/** What a load is made of: `clients` connections, each sending its next request when the last one is answered. */
export interface LoadOptions {
  readonly url: string;
  readonly clients: number;
  headers(client: number): Record<string, string>;
  body(client: number, n: number): string;
  /** Whether the answer says that it was done; anything else ends the run with an error. */
  accepted(status: number, body: string): boolean;
}

/** How fast a load was answered. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds beyond its duration that a load may take to be answered often enough. */
const longerAtMost = 20_000;

/** Runs a load of bounded time and says how fast it was answered. @throws Error when one request was not accepted. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { clients, url } = options;
  const numbers = Array.from({ length: clients }, (_, client) => client);
  const connections = await Promise.all(
    numbers.map((client) => HttpConnection.open(url, options.headers(client))),
  );
  const countFrom = performance.now() + effort.warmUp;
  const end = countFrom + effort.duration;
  const times: number[] = [];
  let counted = countFrom;
  // A machine too busy to answer twice each in the time planned gets more of it.
  const enough = (now: number) => now >= end && (times.length >= 2 * clients || now >= end + longerAtMost);
  const run = async (connection: HttpConnection, client: number) => {
    for (let n = 0; !enough(performance.now()); n += 1) {
      const from = performance.now();
      const { status, body } = await connection.post(options.body(client, n));
      const until = performance.now();
      if (!options.accepted(status, body)) throw new Error(`refused: ${status} ${body.slice(0, 300)}`);
      if (until < countFrom) continue;
      times.push(until - from);
      counted = until;
    }
  };
  try {
    await Promise.all(connections.map(run));
  } finally {
    for (const connection of connections) connection.close();
  }
  return {
    perSecond: times.length / ((counted - countFrom) / 1_000),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

/** The medians of both sides over all runs. */
export interface Alternated {
  readonly ours: LoadResult;
  readonly baseline: LoadResult;
}

/** Alternates baseline and ours, so that a machine that slows down slows both. */
export async function alternate(
  ours: () => Promise<LoadResult>,
  base: () => Promise<LoadResult>,
): Promise<Alternated> {
  const mine: LoadResult[] = [];
  const theirs: LoadResult[] = [];
  for (let run = 0; run < effort.runs; run += 1) {
    theirs.push(await base());
    mine.push(await ours());
  }
  return { ours: middle(mine), baseline: middle(theirs) };
}

function middle(results: readonly LoadResult[]): LoadResult {
  const of = (key: keyof LoadResult) => median(results.map((one) => one[key]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') };
}
