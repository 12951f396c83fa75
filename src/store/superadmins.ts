import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** A superadmin of this installation. */
export interface Superadmin {
  readonly email: string;
  readonly name: string;
  readonly grantedAt: Instant;
}

/**
 * What became of a grant, or of taking it back: NOBODY when no person has that address, UNPROVEN when whoever has it has
 * not shown that it is theirs.
 */
export type SuperadminOutcome = 'DONE' | 'ALREADY_SO' | 'NOBODY' | 'UNPROVEN';

/** The superadmins, as the command line grants and revokes. */
export interface Superadmins {
  /** At most 1,000, by email address. */
  list(): Promise<readonly Superadmin[]>;
  grant(email: string): Promise<SuperadminOutcome>;
  revoke(email: string): Promise<SuperadminOutcome>;
}

/** The superadmins in this database; `now` says when. */
export function createSuperadmins(database: Pick<Database, 'asPlatform'>, now: () => Instant): Superadmins {
  const change = async (name: 'grant_superadmin' | 'revoke_superadmin', email: string) => {
    const [row] = await database.asPlatform<{ outcome: SuperadminOutcome }>(
      `SELECT warroom.${name}($1, $2) AS outcome`,
      [email.trim().toLowerCase(), now()],
    );
    return row?.outcome ?? 'NOBODY';
  };
  return {
    async list() {
      const rows = await database.asPlatform(
        'SELECT email, name, granted_at FROM warroom.list_superadmins()',
      );
      return rows.map((row) => ({
        email: row.email as string,
        name: row.name as string,
        grantedAt: row.granted_at as Instant,
      }));
    },
    grant: (email) => change('grant_superadmin', email),
    revoke: (email) => change('revoke_superadmin', email),
  };
}
