import { LRUCache } from 'lru-cache';
import type { Session, SignedIn } from '../app/identity.ts';
import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import type { Database } from '../store/database.ts';
import {
  endOldestSessions,
  endSessions,
  type Liveness,
  liveSessions,
  type SessionRow,
  sessionByToken,
  sessionsOfUser,
  touchSession,
} from '../store/identity/sessionRows.ts';
import { idleMilliseconds } from './lifetimes.ts';
import type { SessionCookie } from './sessionCookie.ts';
import { tokenDigest } from './tokenDigest.ts';

/** How long a looked-up session is believed without asking again, in milliseconds. One that was ended works no longer. */
const believedFor = 1_000;

/** Last use of a session is written at most this often, in milliseconds. */
const touchedEvery = 600_000;

/** What sessions are read with. */
export interface SessionsOptions {
  readonly database: Pick<Database, 'asIdentity'>;
  readonly clock: { now(): Instant };
  cookie(): SessionCookie;
}

/** Sessions as the rest of the program asks for them; made by better-auth, read and ended here. */
export interface Sessions {
  signedIn(cookie: string | undefined): Promise<SignedIn | null>;
  of(userId: string): Promise<readonly Session[]>;
  end(userId: string, which: Parameters<typeof endSessions>[2]): Promise<readonly string[]>;
  /** Ends the one session of this token. */
  endByToken(userId: string, token: string): Promise<void>;
  /** Ends the oldest sessions of a person beyond 50. */
  endOldest(userId: string): Promise<void>;
  live(ids: readonly string[]): Promise<ReadonlySet<string>>;
  liveness(): Liveness;
  /** Looks sessions and their people up again: something of them has changed here. */
  forget(): void;
}

/** Reads sessions by the digest of their token and remembers the answer, known and unknown, for a second. */
export function createSessions({ database, clock, cookie }: SessionsOptions): Sessions {
  const known = new LRUCache<string, { found: Promise<SignedIn | null> }>({ max: 10_000, ttl: believedFor });
  const touched = new LRUCache<string, true>({ max: 10_000, ttl: touchedEvery });

  const liveness = (): Liveness => {
    const now = clock.now();
    return { now, usedAfter: plusMilliseconds(now, -idleMilliseconds) };
  };
  const lookUp = async (token: string): Promise<SignedIn | null> => {
    const row = await sessionByToken(database, tokenDigest(token), liveness());
    return row && { session: sessionOf(row), person: personOf(row) };
  };

  return {
    liveness,
    forget: () => known.clear(),
    async signedIn(header) {
      const token = cookie().tokenIn(header);
      if (token === null) return null;
      let entry = known.get(token);
      if (entry === undefined) {
        entry = { found: lookUp(token) };
        known.set(token, entry);
        // A failed look-up must not be remembered as an answer.
        entry.found.catch(() => known.delete(token));
      }
      const signedIn = await entry.found;
      const now = clock.now();
      if (signedIn === null || signedIn.session.expiresAt <= now) return null;
      const { id } = signedIn.session;
      if (!touched.has(id)) {
        touched.set(id, true);
        // Best effort: it is tried again with the next request.
        touchSession(database, id, now).catch(() => touched.delete(id));
      }
      return signedIn;
    },
    of: async (userId) => (await sessionsOfUser(database, userId, liveness())).map(sessionOf),
    async end(userId, which) {
      const ended = await endSessions(database, userId, which);
      // Those that were ended here are forgotten here at once.
      if (ended.length > 0) known.clear();
      return ended;
    },
    async endByToken(userId, token) {
      const row = await sessionByToken(database, tokenDigest(token), liveness());
      if (row !== null) await this.end(userId, { only: row.id });
    },
    endOldest: (userId) => endOldestSessions(database, userId),
    live: (ids) => liveSessions(database, ids, liveness()),
  };
}

function sessionOf(row: SessionRow): Session {
  const unused = plusMilliseconds(row.updatedAt, idleMilliseconds);
  return {
    id: row.id,
    userId: row.userId,
    createdAt: row.createdAt,
    lastUsedAt: row.updatedAt,
    expiresAt: unused < row.expiresAt ? unused : row.expiresAt,
    ipAddress: row.ipAddress,
    userAgent: row.userAgent,
    signedInBy: row.signedInBy,
  };
}

function personOf({ userId, name, email, emailVerified }: SessionRow): SignedIn['person'] {
  return { userId, name, email, emailVerified };
}
