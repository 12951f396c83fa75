import { CannotStartError } from './cannotStart.ts';
import type { Database } from './database.ts';

/** No organization has this id; nothing may be visible to it. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Checks, acting as warroom_app, that the switch of role took and that row-level security binds us on every table: also
 * on those that name no organization, such as `users`, or that no reader of organizations may look at. The login itself
 * may be a superuser.
 * @throws CannotStartError when it does not.
 */
export async function checkRowLevelSecurity(database: Pick<Database, 'asOrganization'>): Promise<void> {
  const [found] = await database.asOrganization<{ user: string; security: string; bypassed: string[] }>(
    nobody,
    `select current_user::text as "user", current_setting('row_security') as security, array(
       select c.relname::text
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'warroom' and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
         and not pg_catalog.row_security_active(c.oid)
       order by 1) as bypassed`,
  );
  if (found?.user !== 'warroom_app') {
    throw new CannotStartError(`The database acts as ${found?.user} instead of warroom_app after SET ROLE.`);
  }
  if (found.security !== 'on' || found.bypassed.length > 0) {
    throw new CannotStartError(
      `Row-level security does not bind warroom_app (${found.bypassed.join(', ') || 'row_security is off'}). ` +
        'Take SUPERUSER, BYPASSRLS and ownership of tables away from it, and ENABLE ROW LEVEL SECURITY on each table named.',
    );
  }
}
