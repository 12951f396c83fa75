import type { SendAction } from '../domain/bulkAction/actionRequest.ts';
import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import type { FeedInbox } from '../feed/entry.ts';
import type { Log } from '../log.ts';
import { claimBulkActions, type HeldBulkAction, releaseBulkActions } from '../store/bulkActions.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { Handle } from './answer.ts';
import type { BulkProgress } from './bulkProgress.ts';
import { BulkWork, type BulkWorkRoom } from './bulkWork.ts';
import { CallTurns } from './callTurns.ts';
import type { Sealing } from './sealing.ts';
import { Turns } from './turns.ts';

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
  /** Others than usual; for tests. */
  readonly limits?: Partial<BulkLimits>;
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

/** How much one process works off at a time. */
export interface BulkLimits {
  /** Requests under way, of all organizations. */
  readonly calls: number;
  /** Requests under way of one organization. */
  readonly callsOfOrganization: number;
  /** Bulk actions that are known, whether they ask or wait; of each organization those that began first. */
  readonly known: number;
  /** Bulk actions that one look begins to know: each costs some statements then. */
  readonly fresh: number;
}

const defaultLimits: BulkLimits = { calls: 256, callsOfOrganization: 64, known: 1_000, fresh: 100 };

/** How long a process has what it claimed, in milliseconds; every look renews it. */
const leaseMilliseconds = 5_000;
/** Bulk actions that end at a time: each has a thousand results in memory then, of 5 KB at most. */
const endingsAtOnce = 4;

/** Makes the runner of this process. */
export function createBulkRunner(options: BulkRunnerOptions): BulkRunner {
  return new LeasingRunner(options);
}

class LeasingRunner implements BulkRunner {
  readonly #room: BulkWorkRoom;
  readonly #limits: BulkLimits;
  readonly #underWay = new Map<string, BulkWork>();
  #stopping = false;
  #inherits: boolean;

  constructor(options: BulkRunnerOptions) {
    this.#limits = { ...defaultLimits, ...options.limits };
    const { calls, callsOfOrganization } = this.#limits;
    this.#room = {
      ...options,
      holder: options.newId(),
      calls: new CallTurns({ inAll: calls, ofOrganization: callsOfOrganization }),
      endings: new Turns(endingsAtOnce),
    };
    this.#inherits = options.isAlone === true;
  }

  async run(): Promise<Instant | null> {
    if (this.#stopping) return null;
    const { database, clock, holder } = this.#room;
    if (this.#inherits) await releaseBulkActions(database, null);
    this.#inherits = false;
    const now = clock.now();
    const leaseEndsAt = plusMilliseconds(now, leaseMilliseconds);
    const asked = performance.now();
    const { known, fresh } = this.#limits;
    const held = await claimBulkActions(database, { holder, now, leaseEndsAt, known, fresh });
    if (this.#stopping) return null;
    const left = leaseMilliseconds - (performance.now() - asked);
    for (const one of held) if (one.isInTurn) this.#workOff(one, left);
    await this.#giveBack(
      held.filter(({ isInTurn }) => !isInTurn),
      left,
    );
    return null;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#underWay.values()].map((work) => work.stop()));
    await releaseBulkActions(this.#room.database, this.#room.holder);
  }

  #workOff(held: HeldBulkAction, milliseconds: number): void {
    const { organizationId, bulkActionId } = held;
    const known = this.#underWay.get(bulkActionId);
    known?.renew(milliseconds);
    if (held.isCancelled) known?.cancel();
    if (known !== undefined) return;
    const work = new BulkWork(this.#room, held);
    this.#underWay.set(bulkActionId, work);
    work.renew(milliseconds);
    void work.ended
      .catch((error: unknown) => {
        const message = 'A bulk action could not be worked off; it is tried again.';
        this.#room.log.warn({ err: error, organizationId, bulkActionId }, message);
      })
      .then(() => this.#underWay.delete(bulkActionId));
  }

  /** What others are before is given back at the first look after what it had under way has ended. */
  async #giveBack(outOfTurn: readonly HeldBulkAction[], milliseconds: number): Promise<void> {
    const ended: string[] = [];
    for (const { bulkActionId } of outOfTurn) {
      const work = this.#underWay.get(bulkActionId);
      work?.renew(milliseconds);
      work?.leave();
      if (work === undefined) ended.push(bulkActionId);
    }
    const { database, holder } = this.#room;
    if (ended.length > 0) await releaseBulkActions(database, holder, ended);
  }
}
