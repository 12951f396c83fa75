import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

type Identity = Pick<Database, 'asIdentity'>;

/** PostgreSQL's word for a key that is there already. */
const uniqueViolation = '23505';

/** The hash of a person's password; null when they have none. */
export async function passwordOf(database: Identity, userId: string): Promise<string | null> {
  const [row] = await database.asIdentity<{ password: string | null }>(
    `SELECT password FROM warroom.accounts WHERE "providerId" = 'credential' AND "accountId" = $1`,
    [userId],
  );
  return row?.password ?? null;
}

/** The hash of the password of whoever has this address (lower case); null when nobody has, or has a password. */
export async function passwordAt(database: Identity, email: string): Promise<string | null> {
  const [row] = await database.asIdentity<{ password: string | null }>(
    `SELECT a.password FROM warroom.users u JOIN warroom.accounts a ON a."userId" = u.id
     WHERE u.email = $1 AND a."providerId" = 'credential'`,
    [email],
  );
  return row?.password ?? null;
}

/** A person's new password, already hashed, and what else they said of themselves. */
export interface OwnDetails {
  readonly userId: string;
  /** The id of the account, if this is their first password. */
  readonly accountId: string;
  readonly hash: string;
  /** Null: as it is. */
  readonly name: string | null;
  /** Null: as it is. A new one is not verified. Lower case. */
  readonly email: string | null;
  /** The one session that goes on; all others end. */
  readonly sessionId: string;
  readonly at: Instant;
}

/** Sets it all in one statement. False, with nothing set, when the address is somebody else's. */
export async function setOwnDetails(database: Identity, details: OwnDetails): Promise<boolean> {
  const { userId, accountId, hash, name, email, sessionId, at } = details;
  const set = database.asIdentity(
    `WITH person AS (
       UPDATE warroom.users u SET
         name = coalesce($2, u.name), email = coalesce($3, u.email),
         "emailVerified" = u."emailVerified" AND coalesce($3, u.email) = u.email, "updatedAt" = $4
       WHERE u.id = $1 AND NOT EXISTS (SELECT 1 FROM warroom.users o WHERE o.email = $3 AND o.id <> $1)
       RETURNING u.id
     ), account AS (
       INSERT INTO warroom.accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       SELECT $5, id, 'credential', id, $6, $4, $4 FROM person
       ON CONFLICT ("providerId", "accountId") DO UPDATE SET password = $6, "updatedAt" = $4
     ), others AS (
       DELETE FROM warroom.sessions s USING person WHERE s."userId" = person.id AND s.id <> $7
     )
     SELECT id FROM person`,
    [userId, name, email, at, accountId, hash, sessionId],
  );
  // Somebody else took the address at that moment.
  const rows = await set.catch((error: { readonly code?: unknown }) => {
    if (error.code !== uniqueViolation) throw error;
    return [];
  });
  return rows.length > 0;
}

/**
 * Whoever the provider knows by `key` has shown to it that this address (lower case) is theirs. If somebody has an
 * account of it here and has never shown that, whatever they set up (a password, sessions) may be a stranger's, and
 * ends. Nothing happens to an account that is linked to them already. One statement.
 */
export async function proveAddress(
  database: Identity,
  email: string,
  key: string,
  at: Instant,
): Promise<void> {
  await database.asIdentity(
    `WITH person AS (
       UPDATE warroom.users SET "emailVerified" = true, "updatedAt" = $3
       WHERE email = $1 AND NOT "emailVerified"
         AND NOT EXISTS (SELECT 1 FROM warroom.accounts k WHERE k."providerId" = 'oidc' AND k."accountId" = $2)
       RETURNING id
     ), accounts AS (
       DELETE FROM warroom.accounts a USING person WHERE a."userId" = person.id
     )
     DELETE FROM warroom.sessions s USING person WHERE s."userId" = person.id`,
    [email, key, at],
  );
}

/**
 * This person comes by a link that whoever runs the installation made for their address, and gave them: it is theirs.
 * What was set up before anybody had shown that may be a stranger's, and ends. Nothing happens where the address was
 * proven already, or is one of this machine, as the first administrator's is. One statement.
 */
export async function proveByLink(database: Identity, userId: string, at: Instant): Promise<void> {
  await database.asIdentity(
    `WITH person AS (
       UPDATE warroom.users SET "emailVerified" = true, "updatedAt" = $2
       WHERE id = $1 AND NOT "emailVerified" AND email NOT LIKE '%@localhost' RETURNING id
     ), accounts AS (
       DELETE FROM warroom.accounts a USING person WHERE a."userId" = person.id
     )
     DELETE FROM warroom.sessions s USING person WHERE s."userId" = person.id`,
    [userId, at],
  );
}

/** Somebody has chosen a new password by a link that was mailed to this person: the address is theirs. */
export async function noteAddressProven(database: Identity, userId: string, at: Instant): Promise<void> {
  await database.asIdentity(
    'UPDATE warroom.users SET "emailVerified" = true, "updatedAt" = $2 WHERE id = $1 AND NOT "emailVerified"',
    [userId, at],
  );
}
