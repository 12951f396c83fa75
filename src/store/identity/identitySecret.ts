import type { Database } from '../database.ts';

/**
 * What every instance on this database signs its cookies with. Made on first use from `fresh`, at least 43 characters;
 * when two instances are first together, both answer the one that was kept.
 */
export async function identitySecret(database: Pick<Database, 'asIdentity'>, fresh: string): Promise<string> {
  await database.asIdentity(
    'INSERT INTO warroom.identity_secret (id, secret) VALUES (1, $1) ON CONFLICT DO NOTHING',
    [fresh],
  );
  const [row] = await database.asIdentity<{ secret: string }>(
    'SELECT secret FROM warroom.identity_secret WHERE id = 1',
  );
  if (row === undefined) throw new Error('The secret of sign-in was neither there nor made.');
  return row.secret;
}
