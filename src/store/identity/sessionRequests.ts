import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../database.ts';

type Identity = Pick<Database, 'asIdentity'>;

/** An intent to end sessions, by the name its person gave it. */
export interface SessionRequest {
  readonly userId: string;
  readonly key: string;
  /** SHA-256 of the mutation and its input, hexadecimal. */
  readonly digest: string;
  readonly at: Instant;
}

/**
 * Ends sessions of a person (one of them, or all but one; null: all) once for this intent. Answers how many it ended
 * when it was first carried out; null, with nothing ended, when the key was used for another. What was noted and not
 * carried out, as the process died in between, is carried out by the repeat.
 */
export async function endSessionsOnce(
  database: Identity,
  { userId, key, digest, at }: SessionRequest,
  which: { readonly only: string } | { readonly but: string | null },
): Promise<number | null> {
  await database.asIdentity(
    `INSERT INTO warroom.session_requests ("userId", key, digest, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [userId, key, digest, at],
  );
  const [noted] = await database.asIdentity<{ digest: string; ended: number | null }>(
    'SELECT digest, ended FROM warroom.session_requests WHERE "userId" = $1 AND key = $2',
    [userId, key],
  );
  if (noted === undefined) throw new Error('A request to end sessions was neither there nor noted.');
  if (noted.digest !== digest) return null;
  if (noted.ended !== null) return noted.ended;
  // Of two that come here at once, the second waits at the rows the first deletes, and finds its count.
  const [done] = await database.asIdentity<{ ended: number }>(
    `WITH gone AS (
       DELETE FROM warroom.sessions WHERE "userId" = $1 AND id ${'only' in which ? '=' : 'IS DISTINCT FROM'} $3 RETURNING id
     )
     UPDATE warroom.session_requests r SET ended = coalesce(r.ended, (SELECT count(*) FROM gone))
     WHERE r."userId" = $1 AND r.key = $2 RETURNING r.ended`,
    [userId, key, 'only' in which ? which.only : which.but],
  );
  return done?.ended ?? 0;
}
