import { type Instant, plusMinutes } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

/** A session with the person it belongs to. */
export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly expiresAt: Instant;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly signedInBy: 'PASSWORD' | 'LINK' | 'OIDC';
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

/** Until when a session holds: the instant it must have been used after, and now. */
export interface Liveness {
  readonly now: Instant;
  readonly usedAfter: Instant;
}

type Identity = Pick<Database, 'asIdentity'>;

/** Sessions one person may have; signing in once more ends the oldest. */
const sessionsAtMost = 50;

/** Idempotency keys are kept this long: seven days, in minutes. Source: api.graphql. */
const requestsKeptForMinutes = 7 * 24 * 60;

const columns = `s.id, s."userId", s."createdAt", s."updatedAt", s."expiresAt", s."ipAddress", s."userAgent",
  s."signedInBy", u.name, u.email, u."emailVerified"`;

/** The live session whose token has this SHA-256 (hexadecimal); null when there is none. */
export async function sessionByToken(
  database: Identity,
  token: string,
  { now, usedAfter }: Liveness,
): Promise<SessionRow | null> {
  const rows = await database.asIdentity(
    `SELECT ${columns} FROM warroom.sessions s JOIN warroom.users u ON u.id = s."userId"
     WHERE s.token = $1 AND s."expiresAt" > $2 AND s."updatedAt" > $3`,
    [token, now, usedAfter],
  );
  return (rows[0] as SessionRow | undefined) ?? null;
}

/** The live sessions of a person, the latest used first; at most 50. */
export async function sessionsOfUser(
  database: Identity,
  userId: string,
  { now, usedAfter }: Liveness,
): Promise<SessionRow[]> {
  const rows = await database.asIdentity(
    `SELECT ${columns} FROM warroom.sessions s JOIN warroom.users u ON u.id = s."userId"
     WHERE s."userId" = $1 AND s."expiresAt" > $2 AND s."updatedAt" > $3
     ORDER BY s."updatedAt" DESC, s.id DESC LIMIT ${sessionsAtMost}`,
    [userId, now, usedAfter],
  );
  return rows as unknown as SessionRow[];
}

/** Those of these sessions that are live. */
export async function liveSessions(
  database: Identity,
  ids: readonly string[],
  { now, usedAfter }: Liveness,
): Promise<ReadonlySet<string>> {
  const rows = await database.asIdentity<{ id: string }>(
    `SELECT id FROM warroom.sessions WHERE id = ANY($1) AND "expiresAt" > $2 AND "updatedAt" > $3`,
    [ids, now, usedAfter],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Notes that a session was used at this instant. */
export async function touchSession(database: Identity, id: string, at: Instant): Promise<void> {
  await database.asIdentity(
    'UPDATE warroom.sessions SET "updatedAt" = $2 WHERE id = $1 AND "updatedAt" < $2',
    [id, at],
  );
}

/** Ends sessions of a person: one of them, or all but one (null: all). Answers the ids of those that were there. */
export async function endSessions(
  database: Identity,
  userId: string,
  which: { readonly only: string } | { readonly but: string | null },
): Promise<string[]> {
  const rows = await database.asIdentity<{ id: string }>(
    'only' in which
      ? 'DELETE FROM warroom.sessions WHERE "userId" = $1 AND id = $2 RETURNING id'
      : 'DELETE FROM warroom.sessions WHERE "userId" = $1 AND id IS DISTINCT FROM $2 RETURNING id',
    [userId, 'only' in which ? which.only : which.but],
  );
  return rows.map(({ id }) => id);
}

/** Ends the oldest sessions of a person beyond 50. */
export async function endOldestSessions(database: Identity, userId: string): Promise<void> {
  await database.asIdentity(
    `DELETE FROM warroom.sessions WHERE id IN (
       SELECT id FROM warroom.sessions WHERE "userId" = $1
       ORDER BY "updatedAt" DESC, id DESC OFFSET ${sessionsAtMost})`,
    [userId],
  );
}

/** Forgets at most 10,000 sessions, as many one-time links that hold no more, and as many requests of a week ago. */
export async function sweepIdentity(database: Identity, { now, usedAfter }: Liveness): Promise<void> {
  await database.asIdentity(
    `DELETE FROM warroom.sessions WHERE id IN (
       SELECT id FROM warroom.sessions WHERE "expiresAt" <= $1 OR "updatedAt" <= $2 LIMIT 10000)`,
    [now, usedAfter],
  );
  await database.asIdentity(
    `DELETE FROM warroom.verifications WHERE id IN (
       SELECT id FROM warroom.verifications WHERE "expiresAt" <= $1 LIMIT 10000)`,
    [now],
  );
  await database.asIdentity(
    `DELETE FROM warroom.session_requests WHERE ("userId", key) IN (
       SELECT "userId", key FROM warroom.session_requests WHERE at <= $1 LIMIT 10000)`,
    [plusMinutes(now, -requestsKeptForMinutes)],
  );
}
