import { LRUCache } from 'lru-cache';
import { blockedBy, type GateMember } from '../domain/access/blockedBy.ts';
import type { Feed } from '../feed/feed.ts';
import type { WatchedListener } from '../feed/source.ts';
import type { Database } from '../store/database.ts';
import { blockingIncidents, type GateStanding, gateMember } from '../store/read/sessionGate.ts';
import { GateWatch, gateAnswerLasts, type Kept } from './gateWatch.ts';

/** An organization is followed for so long after it was last asked about, in milliseconds. */
const followedFor = 60_000;

/** Organizations followed for nobody who listens, and answers kept, at once. */
const organizationsAtMost = 1_000;
const answersAtMost = 10_000;

/** An answer, and how old it is. */
export interface GateAnswer {
  readonly standing: GateStanding;
  /** Milliseconds since the database was read for it: less than {@link gateAnswerLasts}. */
  readonly age: number;
}

/** Answers whether a person may pass, many times a second, and from memory while nothing changes. */
export interface GateKeeper {
  /**
   * How the gate stands with the member of this user id or email address; null when nobody here is. What is committed
   * by this instance counts from that moment on, what others commit once it is heard of, and in 5 s anyhow.
   * @throws the database's error.
   */
  ask(organizationId: string, idOrEmail: string): Promise<GateAnswer | null>;
  /** The same for a member whose role is known. @throws the database's error. */
  standing(organizationId: string, member: GateMember): Promise<GateStanding>;
  /** Calls back whenever somebody's standing may have changed; answers how to stop. @throws the database's error. */
  listen(organizationId: string, listener: WatchedListener): Promise<() => void>;
  /** Follows nothing any more. */
  close(): void;
}

/** What a gate keeper works with. */
export interface GateKeeperOptions {
  readonly database: Database;
  readonly feed: Feed;
  /** Told when an organization cannot be followed; what was kept of it is not believed then. */
  onError(error: unknown): void;
  /** Milliseconds that only ever grow; for tests. */
  readonly monotonic?: () => number;
}

/** Makes the gate keeper of this process. */
export function createGateKeeper(options: GateKeeperOptions): GateKeeper {
  return new Keeper(options);
}

class Keeper implements GateKeeper {
  readonly #options: GateKeeperOptions;
  readonly #monotonic: () => number;
  /** The one asked about last is the last. */
  readonly #watches = new Map<string, GateWatch>();
  /** By what was asked for and the watch's epoch: what is of an older epoch is never found again. */
  readonly #answers = new LRUCache<string, Kept<GateStanding | null>>({
    max: answersAtMost,
    ttl: gateAnswerLasts,
  });
  readonly #sweeping: NodeJS.Timeout;

  constructor(options: GateKeeperOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#sweeping = setInterval(() => this.#forget(this.#monotonic() - followedFor), followedFor / 6);
    this.#sweeping.unref();
  }

  async ask(organizationId: string, idOrEmail: string): Promise<GateAnswer | null> {
    const watch = this.#followed(organizationId);
    // Followed before anything is read: no change can fall between the two.
    await watch.ready;
    const key = `${organizationId} ${watch.epoch} ${idOrEmail}`;
    let kept = this.#answers.get(key);
    if (kept === undefined || this.#monotonic() - kept.readAt >= gateAnswerLasts) {
      kept = this.#read(organizationId, idOrEmail, watch);
      this.#answers.set(key, kept);
      // A failed look-up must not be kept as an answer.
      kept.value.catch(() => this.#answers.delete(key));
    }
    const standing = await kept.value;
    return standing === null ? null : { standing, age: this.#monotonic() - kept.readAt };
  }

  async standing(organizationId: string, member: GateMember): Promise<GateStanding> {
    const watch = this.#followed(organizationId);
    await watch.ready;
    const blocking = await this.#blocking(organizationId, watch).value;
    return { userId: member.userId, blocking: blockedBy(member, blocking) };
  }

  async listen(organizationId: string, listener: WatchedListener): Promise<() => void> {
    const watch = this.#followed(organizationId);
    watch.listeners.add(listener);
    try {
      await watch.ready;
    } catch (error) {
      watch.listeners.delete(listener);
      throw error;
    }
    return () => watch.listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#sweeping);
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  #followed(organizationId: string): GateWatch {
    const { feed, onError } = this.#options;
    let watch = this.#watches.get(organizationId);
    if (watch === undefined || watch.ended) {
      if (this.#watches.size >= organizationsAtMost) this.#forget(this.#monotonic(), 1);
      watch = new GateWatch(feed, organizationId, onError);
    }
    watch.askedAt = this.#monotonic();
    this.#watches.delete(organizationId);
    this.#watches.set(organizationId, watch);
    return watch;
  }

  /** Ends at most so many watches, the longest unasked first, that nobody listens to or has asked since then. */
  #forget(since: number, atMost = Number.POSITIVE_INFINITY): void {
    let left = atMost;
    for (const [organizationId, watch] of this.#watches) {
      if (left === 0 || watch.askedAt > since) return;
      if (watch.listeners.size > 0 && !watch.ended) continue;
      watch.close();
      this.#watches.delete(organizationId);
      left -= 1;
    }
  }

  #blocking(organizationId: string, watch: GateWatch) {
    const scope = { database: this.#options.database, organizationId };
    return watch.blocking(() => blockingIncidents(scope), this.#monotonic());
  }

  #read(organizationId: string, idOrEmail: string, watch: GateWatch): Kept<GateStanding | null> {
    const scope = { database: this.#options.database, organizationId };
    const blocking = this.#blocking(organizationId, watch);
    const standing = async (): Promise<GateStanding | null> => {
      const [member, incidents] = await Promise.all([gateMember(scope, idOrEmail), blocking.value]);
      return member === null ? null : { userId: member.userId, blocking: blockedBy(member, incidents) };
    };
    // As old as the oldest it rests on.
    return { value: standing(), readAt: blocking.readAt };
  }
}
