import { LRUCache } from 'lru-cache';
import { type BlockingIncident, blockedBy } from '../domain/access/blockedBy.ts';
import type { Ledger } from '../domain/ledger/ledger.ts';
import { ledgers } from '../domain/ledger/ledger.ts';
import type { FeedEntry } from '../feed/entry.ts';
import type { Feed, FeedReader } from '../feed/feed.ts';
import type { Database } from '../store/database.ts';
import { blockingIncidents, type GateStanding, gateMember } from '../store/read/sessionGate.ts';

/** The longest an answer may be given again, in milliseconds, whatever is heard. Source: rules.md, Session gate. */
export const gateAnswerLasts = 5_000;

/** An organization is followed for so long after it was last asked about, in milliseconds. */
const followedFor = 60_000;

/** Organizations followed, and answers kept, at once. */
const organizationsAtMost = 1_000;
const answersAtMost = 10_000;

/** An answer, and how old it is. */
export interface GateAnswer {
  readonly standing: GateStanding;
  /** Milliseconds since the database was read for it: less than {@link gateAnswerLasts}. */
  readonly age: number;
}

/** Answers other systems whether a person may pass, many times a second, and from memory while nothing changes. */
export interface GateKeeper {
  /**
   * How the gate stands with the member of this user id or email address; null when nobody here is. What is committed
   * by this instance counts from that moment on, what others commit once it is heard of, and in 5 s anyhow.
   * @throws the database's error.
   */
  ask(organizationId: string, idOrEmail: string): Promise<GateAnswer | null>;
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

interface Kept<T> {
  readonly value: Promise<T>;
  readonly readAt: number;
}

/** Makes the gate keeper of this process. */
export function createGateKeeper(options: GateKeeperOptions): GateKeeper {
  const { database, feed, onError, monotonic = () => performance.now() } = options;
  const watches = new LRUCache<string, Watch>({
    max: organizationsAtMost,
    ttl: followedFor,
    updateAgeOnGet: true,
    dispose: (watch) => watch.close(),
  });
  const sweeping = setInterval(() => watches.purgeStale(), followedFor / 6);
  sweeping.unref();
  /** By organization, its watch's epoch, and what was asked for: what is of an older epoch is never found again. */
  const answers = new LRUCache<string, Kept<GateStanding | null>>({
    max: answersAtMost,
    ttl: gateAnswerLasts,
  });

  const followed = (organizationId: string): Watch => {
    const known = watches.get(organizationId);
    if (known !== undefined && !known.ended) return known;
    const begun = new Watch(feed, organizationId, onError);
    watches.set(organizationId, begun);
    return begun;
  };

  const read = (organizationId: string, idOrEmail: string, watch: Watch): Kept<GateStanding | null> => {
    const scope = { database, organizationId };
    const blocking = watch.blocking(() => blockingIncidents(scope), monotonic());
    const standing = async (): Promise<GateStanding | null> => {
      const [member, incidents] = await Promise.all([gateMember(scope, idOrEmail), blocking.value]);
      return member === null ? null : { userId: member.userId, blocking: blockedBy(member, incidents) };
    };
    // As old as the oldest it rests on.
    return { value: standing(), readAt: blocking.readAt };
  };

  return {
    async ask(organizationId, idOrEmail) {
      const watch = followed(organizationId);
      // Followed before anything is read: no change can fall between the two.
      await watch.ready;
      const key = `${organizationId} ${watch.id} ${watch.epoch} ${idOrEmail}`;
      const now = monotonic();
      let kept = answers.get(key);
      if (kept === undefined || now - kept.readAt >= gateAnswerLasts) {
        kept = read(organizationId, idOrEmail, watch);
        answers.set(key, kept);
        // A failed look-up must not be kept as an answer.
        kept.value.catch(() => answers.delete(key));
      }
      const standing = await kept.value;
      return standing === null ? null : { standing, age: monotonic() - kept.readAt };
    },
    close() {
      clearInterval(sweeping);
      watches.clear();
    },
  };
}

let watchesSoFar = 0;

/** Both ledgers of one organization, as far as the gate is concerned: whatever changes it begins a new epoch. */
class Watch {
  readonly id = ++watchesSoFar;
  readonly ready: Promise<void>;
  epoch = 0;
  ended = false;
  readonly #readers: FeedReader[] = [];
  #blocking: Kept<readonly BlockingIncident[]> | null = null;

  constructor(feed: Feed, organizationId: string, onError: (error: unknown) => void) {
    const follow = async (ledger: Ledger): Promise<void> => {
      const reader = await feed.open({ organizationId, ledger, after: null });
      if (this.ended) return reader.close();
      this.#readers.push(reader);
      this.#run(reader)
        .catch(onError)
        .finally(() => this.close());
    };
    this.ready = Promise.all(ledgers.map(follow)).then(() => {});
    this.ready.catch(() => this.close());
  }

  /** The incidents that block, read once an epoch and at most every 5 s. */
  blocking(read: () => Promise<readonly BlockingIncident[]>, now: number): Kept<readonly BlockingIncident[]> {
    const known = this.#blocking;
    if (known !== null && now - known.readAt < gateAnswerLasts) return known;
    const kept = { value: read(), readAt: now };
    this.#blocking = kept;
    kept.value.catch(() => {
      if (this.#blocking === kept) this.#blocking = null;
    });
    return kept;
  }

  close(): void {
    this.ended = true;
    for (const reader of this.#readers.splice(0)) reader.close();
  }

  async #run(reader: FeedReader): Promise<void> {
    for (let position = reader.start; ; ) {
      const entries = await reader.read(position, 500);
      const last = entries.at(-1);
      if (last === undefined) return;
      position = last.entry.sequence;
      if (!entries.some(changesGate)) continue;
      this.epoch += 1;
      this.#blocking = null;
    }
  }
}

/** Whether the gate may stand otherwise with anybody after this: administration is rare, so all of it counts. */
function changesGate({ entry }: FeedEntry): boolean {
  if (entry.ledger === 'ADMINISTRATION') return true;
  return entry.type === 'INCIDENT_ROLE_ASSIGNED' || entry.type === 'INCIDENT_ASSIGNED';
}
