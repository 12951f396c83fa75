import { CannotStartError } from './cannotStart.ts';
import type { MigrationClient } from './migrate.ts';

/** Owner of everything; reader of one organization; reader across organizations; keeper of sign-in's own tables. */
const roles = ['warroom_owner', 'warroom_app', 'warroom_platform', 'warroom_identity'] as const;

/** What PostgreSQL answers when another database's migration makes the same role or grant at the same moment. */
const raceCodes = new Set(['23505', '42710', 'XX000', '40001']);

/**
 * Makes Warroom's four roles (NOLOGIN; roles belong to the whole cluster, so other databases may be making them now),
 * lets this login become each of them, and makes the schema `warroom`, owned by warroom_owner.
 * @throws CannotStartError naming the statements to run when this login may not.
 */
export async function ensureRoles(client: MigrationClient): Promise<void> {
  const { rows } = await client.query('SELECT session_user AS login, current_database() AS database');
  const login = quote(String(rows[0]?.login));
  const database = quote(String(rows[0]?.database));
  try {
    for (const role of roles) {
      await ensureRole(client, role);
      await ensureMembership(client, role, login);
    }
    await client.query('CREATE SCHEMA IF NOT EXISTS warroom AUTHORIZATION warroom_owner');
  } catch (error) {
    if (codeOf(error) !== '42501') {
      throw error;
    }
    throw new CannotStartError(
      `The login ${login} may not prepare the database (${(error as Error).message}). As a superuser run: ` +
        `${roles.map((role) => `CREATE ROLE ${role} NOLOGIN;`).join(' ')} GRANT ${roles.join(', ')} TO ${login}; ` +
        `GRANT CREATE ON DATABASE ${database} TO ${login}; (skip the roles that exist) and start again.`,
    );
  }
}

async function ensureRole(client: MigrationClient, role: string): Promise<void> {
  const existing = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (existing.rows.length === 0) {
    await unlessRaced(() => client.query(`CREATE ROLE ${role} NOLOGIN`));
  }
}

async function ensureMembership(client: MigrationClient, role: string, login: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { rows } = await client.query(
      // Before 16 being a member is being allowed to SET ROLE; from 16 on the two are granted apart.
      `SELECT pg_has_role(session_user, $1,
         CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS may`,
      [role],
    );
    if (rows[0]?.may === true) {
      return;
    }
    await unlessRaced(() => client.query(`GRANT ${role} TO ${login}`));
  }
}

async function unlessRaced(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!raceCodes.has(codeOf(error) ?? '')) {
      throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
