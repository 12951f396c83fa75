import type { Log } from '../log.ts';
import type { Database } from '../store/database.ts';
import { createDoorbell } from './doorbell.ts';
import { type Followed, followed } from './entry.ts';
import type { Feed, OpenOptions } from './feed.ts';
import { followReader } from './follow.ts';
import { createGate } from './gate.ts';
import { readEntries } from './readEntries.ts';
import { createReader } from './reader.ts';
import { readHead, readHeads } from './readHeads.ts';
import { readRuns } from './readRuns.ts';
import type { Page, ReadPage } from './tail.ts';
import { type TailLimits, Tails } from './tails.ts';

/** What bounds the feed's memory and work. */
export interface FeedLimits extends TailLimits {
  /** Milliseconds between two looks at the heads of all tails. */
  readonly pollEvery: number;
  /** Pages read at a time for readers that are behind the ring. */
  readonly pagesAtATime: number;
}

const megabyte = 1_048_576;

/**
 * 1,024 entries and 4 MB an organization over both of its ledgers (960 + 60, 3.75 + 0.23 MB), 960 and 0.94 MB of its runs;
 * 256 MB a process.
 */
const feedLimits: FeedLimits = {
  ringEntries: 960,
  ringBytes: 3.75 * megabyte,
  processBytes: 256 * megabyte,
  pollEvery: 1_000,
  pagesAtATime: 4,
};

/** What a feed is made of. */
export interface FeedOptions {
  readonly database: Database;
  readonly log: Pick<Log, 'info' | 'error'>;
  readonly limits?: Partial<FeedLimits>;
}

/** Makes the feed of this process; it listens to the doorbell at once, and polls while anyone listens. */
export function createFeed(options: FeedOptions): Feed {
  const { database } = options;
  const limits = { ...feedLimits, ...options.limits };
  const health = reportReading(options.log);
  const head = (organizationId: string, ledger: Followed) => readHead(database, organizationId, ledger);
  const tails = new Tails({
    limits,
    head,
    async readPage(organizationId, ledger, ...page) {
      const found = await readPage(database, organizationId, ledger, ...page);
      health.worked();
      return found;
    },
    onReadError: health.failed,
  });
  const pages = createGate(limits.pagesAtATime);
  const open = async (openOptions: OpenOptions) => {
    const { tail, release } = await tails.hold(openOptions);
    const { after, bare = false } = openOptions;
    const older = (from: number, limit: number) => pages.run(() => tail.older(from, limit, bare));
    return createReader({ tail, after, bare, older, onError: health.failed, onClose: release });
  };
  const poll = onceAtATime(() => lookAtHeads(database, tails), health.failed);
  const look = (organizationId: string, ledger: Followed): void =>
    tails.moving(organizationId, ledger)?.look();
  const doorbell = createDoorbell(database, {
    moved: look,
    allMoved: poll,
    deaf: (error) => options.log.error({ err: error }, 'Other instances cannot be heard; the feed polls'),
  });
  const timer = setInterval(poll, limits.pollEvery);
  timer.unref();

  return {
    head,
    open,
    follow: (followOptions) => followReader(open, followOptions),
    committed(organizationId, ledger, entries) {
      tails.moving(organizationId, ledger)?.committed(entries);
      doorbell.ring(organizationId, ledger);
    },
    ring(organizationId, only) {
      for (const ledger of only === undefined ? followed : [only]) {
        look(organizationId, ledger);
        doorbell.ring(organizationId, ledger);
      }
    },
    known: (organizationId, ledger) => tails.known(organizationId, ledger),
    lag: () => tails.lag,
    async close() {
      clearInterval(timer);
      tails.close();
      await doorbell.close();
    },
  };
}

function readPage(
  database: Database,
  organizationId: string,
  ledger: Followed,
  ...[after, limit, states]: Parameters<ReadPage>
): Promise<Page> {
  const wanted = { organizationId, after, limit };
  return ledger === 'RUNS'
    ? readRuns(database, wanted)
    : readEntries(database, { ...wanted, ledger, states });
}

/** One statement for all tails together. */
async function lookAtHeads(database: Database, tails: Tails): Promise<void> {
  const { organizations } = tails;
  if (organizations.length === 0) return;
  const heads = await readHeads(database, organizations);
  for (const row of heads) tails.moving(row.organizationId, row.ledger)?.headIs(row.sequence);
}

/** One line when reading starts to fail and one when it works again, however many tails and seconds lie between. */
function reportReading(log: FeedOptions['log']) {
  let failing = false;
  return {
    failed(error: unknown): void {
      if (!failing) log.error({ err: error }, 'The feed cannot read the ledger; it keeps trying');
      failing = true;
    },
    worked(): void {
      if (failing) log.info({}, 'The feed reads the ledger again');
      failing = false;
    },
  };
}

function onceAtATime(work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let working = false;
  return () => {
    if (working) return;
    working = true;
    work()
      .catch(failed)
      .finally(() => {
        working = false;
      });
  };
}
