import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

/** A person as sign-in knows them. */
export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

type Identity = Pick<Database, 'asIdentity'>;

/** The person of this address (lower case); null when there is none. */
export async function personByEmail(database: Identity, email: string): Promise<PersonRow | null> {
  const rows = await database.asIdentity(
    'SELECT id, name, email, "emailVerified" FROM warroom.users WHERE email = $1',
    [email],
  );
  return (rows[0] as PersonRow | undefined) ?? null;
}

/**
 * Makes a person, and how they sign in with a password if there is one (already hashed), in one statement. False, with
 * nothing made, when the address is taken.
 */
export async function insertPerson(
  database: Identity,
  person: PersonRow & { readonly at: Instant },
  password: { readonly accountId: string; readonly hash: string } | null,
): Promise<boolean> {
  const rows = await database.asIdentity(
    `WITH made AS (
       INSERT INTO warroom.users (id, name, email, "emailVerified", "createdAt", "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (email) DO NOTHING RETURNING id
     ), account AS (
       INSERT INTO warroom.accounts (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       SELECT $6, id, 'credential', id, $7, $5, $5 FROM made WHERE $7::text IS NOT NULL
     )
     SELECT id FROM made`,
    [
      person.id,
      person.name,
      person.email,
      person.emailVerified,
      person.at,
      password?.accountId ?? null,
      password?.hash ?? null,
    ],
  );
  return rows.length > 0;
}
