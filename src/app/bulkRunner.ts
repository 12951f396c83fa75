import type { SendAction } from '../domain/bulkAction/actionRequest.ts';
import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import type { FeedInbox } from '../feed/entry.ts';
import type { Log } from '../log.ts';
import { claimBulkActions, type HeldBulkAction, releaseBulkActions } from '../store/bulkActions.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { Handle } from './answer.ts';
import type { BulkProgress } from './bulkProgress.ts';
import { BulkWork } from './bulkWork.ts';
import type { Sealing } from './sealing.ts';

/** What bulk actions are worked off with. */
export interface BulkRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly log: Pick<Log, 'warn'>;
  readonly sealing: Sealing;
  readonly send: SendAction;
  readonly progress: BulkProgress;
  /** Told of the runs that targets leave. */
  readonly inbox: Pick<FeedInbox, 'ring'>;
  newId(): string;
  /** No other process has the database open, or had it since one that ended: what that one had is free at once. */
  readonly isAlone?: boolean;
  /** Waits; for tests. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Works bulk actions off, whichever instance they were begun at. */
export interface BulkRunner {
  /** Takes what nobody works off, keeps what it has, and answers when to look again. @throws the database's error. */
  run(): Promise<Instant | null>;
  /** Begins nothing more, waits for what is under way for a few seconds, and gives the rest to other instances. */
  stop(): Promise<void>;
}

/** How long a process has what it claimed, in milliseconds; every look renews it. */
const leaseMilliseconds = 5_000;
/** Bulk actions of an organization that are worked off at a time; later ones wait their turn. */
const share = 4;
/** Bulk actions that one process works off at a time. */
const most = 50;

/** Makes the runner of this process. */
export function createBulkRunner(options: BulkRunnerOptions): BulkRunner {
  const { database, clock, log } = options;
  const holder = options.newId();
  const underWay = new Map<string, BulkWork>();
  let stopping = false;
  let inherits = options.isAlone === true;
  const launch = (held: HeldBulkAction, milliseconds: number): void => {
    const work = new BulkWork({ ...options, holder }, held);
    underWay.set(held.bulkActionId, work);
    work.renew(milliseconds);
    void work.ended
      .catch((error: unknown) => {
        const { organizationId, bulkActionId } = held;
        const message = 'A bulk action could not be worked off; it is tried again.';
        log.warn({ err: error, organizationId, bulkActionId }, message);
      })
      .then(() => underWay.delete(held.bulkActionId));
  };
  return {
    async run() {
      if (stopping) return null;
      if (inherits) await releaseBulkActions(database, null);
      inherits = false;
      const now = clock.now();
      const leaseEndsAt = plusMilliseconds(now, leaseMilliseconds);
      const asked = performance.now();
      const held = await claimBulkActions(database, { holder, now, leaseEndsAt, share, most });
      if (stopping) return null;
      const left = leaseMilliseconds - (performance.now() - asked);
      for (const one of held) {
        const work = underWay.get(one.bulkActionId);
        if (work === undefined) launch(one, left);
        else work.renew(left);
        if (one.isCancelled) work?.cancel();
      }
      return null;
    },
    async stop() {
      stopping = true;
      await Promise.all([...underWay.values()].map((work) => work.stop()));
      await releaseBulkActions(database, holder);
    },
  };
}
