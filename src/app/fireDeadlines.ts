import { systemActor } from '../domain/access/actor.ts';
import { type Instant, millisecondsBetween } from '../domain/instant.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { DueDeadline } from '../store/dueDeadline.ts';
import type { WriteStore } from '../store/port.ts';
import type { Handle } from './answer.ts';
import { replan } from './replan.ts';
import { Shares } from './shares.ts';

/** What firing deadlines works with. */
export interface FireDeadlinesOptions {
  readonly store: WriteStore;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly log: Pick<Log, 'warn'>;
  /** Called when there is a place again for an organization that had to be left out: look again. */
  readonly onRoom?: () => void;
  /** Incidents whose deadlines are in the queue at once, of all organizations: 800. */
  readonly inFlight?: number;
}

/** A deadline whose command failed and is tried again, ever later, up to once a minute. */
export interface StuckDeadline {
  readonly organizationId: string;
  /** Null for the re-planning of the organization. */
  readonly incidentId: string | null;
  readonly failures: number;
  readonly since: Instant;
  readonly lastFailedAt: Instant;
  readonly error: unknown;
}

/** Claims what is due and hands it to the one door. */
export interface DeadlineFiring {
  /**
   * Claims at most 200 deadlines that are due and sends one command per incident, without waiting for their end. An
   * organization may have as many under way as places are free: however many hang, there is room for the others.
   * Answers when to look again: at once while more may be due, null when nothing is planned.
   * @throws the database's error.
   */
  fire(): Promise<Instant | null>;
  /** Resolves when all that was claimed here has been carried out or has failed. */
  settled(): Promise<void>;
  /** What could not be fired yet, for `/readyz`; at most 1,000. */
  stuck(): readonly StuckDeadline[];
}

/** A command under way that fires an incident's deadlines, or a re-planning. */
interface UnderWay {
  readonly ended: Promise<void>;
  /** It decides at this instant or later: what was due by then needs no command of its own. */
  readonly since: Instant;
  /** Claimed meanwhile, and due later than that: what it decided may not have seen it. */
  next: DueDeadline | null;
}

/** Source: architecture.md, Time and deadlines. */
const claimLimit = 200;
const leaseMilliseconds = 2_000;
const defaultInFlight = 800;
const stuckLimit = 1_000;

/** What fails is tried at least once a minute; not having failed for longer, another instance has carried it out. */
const forgottenAfterMilliseconds = 150_000;

/**
 * Makes the firing of deadlines. A claim's lease only saves work; that each fires once is the commit's version check.
 * The lease doubles each time a deadline is claimed again without a commit, which is the backoff of what fails.
 */
export function createDeadlineFiring(options: FireDeadlinesOptions): DeadlineFiring {
  return new Firing(options);
}

class Firing implements DeadlineFiring {
  readonly #options: FireDeadlinesOptions;
  readonly #inFlight = new Map<string, UnderWay>();
  readonly #shares: Shares;
  readonly #stuck = new Map<string, StuckDeadline>();

  constructor(options: FireDeadlinesOptions) {
    this.#options = options;
    this.#shares = new Shares(options.inFlight ?? defaultInFlight);
  }

  async fire(): Promise<Instant | null> {
    const { store, clock } = this.#options;
    const leftOut = this.#shares.leaveOut();
    const limit = Math.min(claimLimit, this.#shares.atOnce);
    if (limit === 0) return null;
    const now = clock.now();
    const { due, nextDueAt } = await store.claim({ now, limit, leftOut, leaseMilliseconds });
    for (const deadline of due) this.#launch(deadline);
    return due.length === limit ? now : nextDueAt;
  }

  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all([...this.#inFlight.values()].map(({ ended }) => ended));
  }

  stuck(): readonly StuckDeadline[] {
    const now = this.#options.clock.now();
    for (const [key, { lastFailedAt }] of this.#stuck) {
      if (millisecondsBetween(lastFailedAt, now) > forgottenAfterMilliseconds) this.#stuck.delete(key);
    }
    return [...this.#stuck.values()];
  }

  /** One command decides everything due of an incident, so its other deadlines need none of their own. */
  #launch(deadline: DueDeadline): void {
    const key = `${deadline.organizationId} ${deadline.incidentId ?? 'REPLAN'}`;
    const underWay = this.#inFlight.get(key);
    if (underWay !== undefined) {
      if (deadline.dueAt > underWay.since) underWay.next = deadline;
      return;
    }
    const { organizationId } = deadline;
    this.#shares.take(organizationId);
    const since = this.#options.clock.now();
    const ended = this.#carryOut(deadline)
      .then(
        () => void this.#stuck.delete(key),
        (error: unknown) => this.#fail(key, deadline, error),
      )
      .then(() => this.#ended(key, organizationId));
    this.#inFlight.set(key, { ended, since, next: null });
  }

  /** Its lease would keep what was claimed meanwhile waiting, so that comes at once. */
  #ended(key: string, organizationId: string): void {
    const next = this.#inFlight.get(key)?.next ?? null;
    this.#inFlight.delete(key);
    const hasRoom = this.#shares.give(organizationId);
    if (next !== null) this.#launch(next);
    if (hasRoom) this.#options.onRoom?.();
  }

  async #carryOut({ organizationId, incidentId }: DueDeadline): Promise<void> {
    const { store, handle } = this.#options;
    if (incidentId === null) return replan({ store, handle, organizationId });
    const answer = await handle({
      organizationId,
      actor: systemActor,
      target: { by: 'id', incidentId },
      command: { name: 'fireDeadlines', input: {} },
    });
    if (answer.kind === 'refused') throw new Error(answer.refusal.message);
  }

  #fail(key: string, { organizationId, incidentId }: DueDeadline, error: unknown): void {
    const { clock, log } = this.#options;
    const before = this.#stuck.get(key);
    log.warn({ err: error, organizationId, incidentId }, 'A deadline could not be fired; it is tried again.');
    if (before === undefined && this.#stuck.size >= stuckLimit) return;
    const now = clock.now();
    this.#stuck.set(key, {
      organizationId,
      incidentId,
      failures: (before?.failures ?? 0) + 1,
      since: before?.since ?? now,
      lastFailedAt: now,
      error,
    });
  }
}
