import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Changes whenever a migration, what applies it, or the embedded database does: 16 hexadecimal digits. */
export function migrationsDigest(): string {
  const root = new URL('../../', import.meta.url);
  const migrations = readdirSync(new URL('prisma/migrations/', root)).sort();
  const files = [
    'node_modules/@electric-sql/pglite/package.json',
    'src/store/migrate.ts',
    'src/store/ensureRoles.ts',
    ...migrations.map((name) => `prisma/migrations/${name}/migration.sql`),
  ];
  const digest = createHash('sha256');
  for (const file of files.filter((name) => existsSync(new URL(name, root)))) {
    digest.update(file).update(readFileSync(new URL(file, root)));
  }
  return digest.digest('hex').slice(0, 16);
}
