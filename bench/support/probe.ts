import pg from 'pg';

// Loaded into a measured process before its program (`node --import probe.js`): answers the bench's questions over
// the process channel, and notes when each commit left for the database and was answered. Changes nothing else.

/** One call of `warroom.commit`, in milliseconds of the machine's monotonic clock (see `monotonic`). */
export interface CommitTimes {
  readonly sent: number;
  readonly answered: number;
}

/** What a measured process is asked, and what it answers. */
export interface ProbeAnswers {
  /** After two full garbage collections; bytes. */
  memory: { readonly rss: number; readonly live: number };
  /** Since the last question. */
  commits: readonly CommitTimes[];
  /** Milliseconds of processor time, user and system, since the process began. */
  processor: number;
}

let commits: CommitTimes[] = [];

const answers: { [Q in keyof ProbeAnswers]: () => ProbeAnswers[Q] } = {
  memory() {
    global.gc?.();
    global.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, live: heapUsed + external };
  },
  commits() {
    const noted = commits;
    commits = [];
    return noted;
  },
  processor() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

interface AnyQuery {
  query(this: unknown, ...args: unknown[]): unknown;
}
const prototype = pg.Client.prototype as unknown as AnyQuery;
const query = prototype.query;
prototype.query = function timed(...args) {
  const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text?: string } | undefined)?.text;
  if (text?.includes('warroom.commit(') !== true) return query.apply(this, args);
  const sent = now();
  const result = query.apply(this, args);
  void Promise.resolve(result).then(
    () => void commits.push({ sent, answered: now() }),
    () => undefined,
  );
  return result;
};

process.on('message', (question: keyof ProbeAnswers) =>
  process.send?.({ question, answer: answers[question]() }),
);
// Listening must not keep the process from ending.
process.channel?.unref();
