import { existsSync } from 'node:fs';
import { type Config, readConfig } from '../config.ts';
import { commandLine } from '../domain/commandLine.ts';
import { createLog } from '../log.ts';
import { connectControl } from '../store/controlSocket.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { createSuperadmins, type Superadmins } from '../store/superadmins.ts';
import { CommandError } from './commandError.ts';

/** What `warroom superadmin` is asked to do. */
export type SuperadminAct = 'grant' | 'revoke' | 'list';

/**
 * `warroom superadmin grant|revoke <email>` and `list`: who may act in every organization. While a server has the
 * embedded database open, it is the server that does it.
 * @throws CommandError when nobody has that address or has shown that it is theirs, or there is no database.
 */
export async function superadminCommand(act: SuperadminAct, email = ''): Promise<void> {
  const config = readConfig(process.env);
  const { superadmins, close } = await openSuperadmins(config);
  try {
    process.stdout.write(act === 'list' ? await listed(superadmins) : await changed(superadmins, act, email));
  } finally {
    await close();
  }
}

async function listed(superadmins: Superadmins): Promise<string> {
  const all = await superadmins.list();
  if (all.length === 0) return 'Nobody is a superadmin.\n';
  return all.map(({ email, name, grantedAt }) => `${email}  ${name}  since ${grantedAt}\n`).join('');
}

async function changed(superadmins: Superadmins, act: 'grant' | 'revoke', email: string): Promise<string> {
  const outcome = await superadmins[act](email);
  if (outcome === 'NOBODY') {
    throw new CommandError(
      `Nobody has the email address ${email}. Invite them, or have them sign in, first.`,
    );
  }
  if (outcome === 'UNPROVEN') {
    throw new CommandError(
      `Nobody has shown yet that ${email} is theirs: the account may be somebody else's. Have them choose a new password by mail or sign in through the identity provider, or give them a link of \`${commandLine} sign-in-link ${email}\`. Then grant it again.`,
    );
  }
  const is = act === 'grant' ? 'is a superadmin' : 'is no superadmin';
  return `${email} ${is}${outcome === 'ALREADY_SO' ? ' already' : act === 'grant' ? ' now' : ' any more'}.\n`;
}

async function openSuperadmins(
  config: Config,
): Promise<{ readonly superadmins: Superadmins; close(): Promise<void> }> {
  if (config.databaseUrl === null) {
    if (!existsSync(config.dataDirectory))
      throw new CommandError(`${config.dataDirectory} holds no database.`);
    const running = await connectControl(config.dataDirectory);
    if (running) return { superadmins: running.superadmins, close: () => running.close() };
  }
  const log = createLog(config.logLevel);
  // Whoever serves it decides when its schema changes.
  const database = await openDatabase({ ...config, log, migrate: false });
  const clock = await openDatabaseClock(database, log);
  return {
    superadmins: createSuperadmins(database, () => clock.now()),
    async close() {
      clock.close();
      await database.close();
    },
  };
}
