import { existsSync } from 'node:fs';
import { createGuessing } from '../app/guessing.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { connectControl } from '../store/controlSocket.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { CommandError } from './commandError.ts';
import { makeSignInLink } from './makeSignInLink.ts';
import { openIdentity } from './openIdentity.ts';

/**
 * `warroom sign-in-link <email>`: prints a link that signs that person in, once, within an hour. While a server has the
 * embedded database open, it is the server that makes it.
 * @throws CommandError when nobody has that address, or there is no database.
 */
export async function signInLinkCommand(email: string): Promise<void> {
  const link = await linkFor(readConfig(process.env), email);
  if (link === null) throw new CommandError(`Nobody has the email address ${email}. Invite them first.`);
  process.stdout.write(`${link}\n`);
}

async function linkFor(config: Config, email: string): Promise<string | null> {
  if (config.databaseUrl !== null) return linkFromDatabase(config, email);
  if (!existsSync(config.dataDirectory)) throw new CommandError(`${config.dataDirectory} holds no database.`);
  const running = await connectControl(config.dataDirectory);
  if (running === null) return linkFromDatabase(config, email);
  try {
    return await running.signInLink(email);
  } finally {
    await running.close();
  }
}

async function linkFromDatabase(config: Config, email: string): Promise<string | null> {
  const log = createLog(config.logLevel);
  // Whoever serves it decides when its schema changes.
  const database = await openDatabase({ ...config, log, migrate: false });
  const clock = await openDatabaseClock(database, log);
  try {
    const identity = await openIdentity({
      config,
      database,
      clock,
      log,
      guessing: createGuessing(),
      handle: () => Promise.reject(new Error('Nothing is handled here.')),
      publicUrl: () => config.publicUrl ?? `http://${hostOf(config.host)}:${config.port}`,
    });
    return await makeSignInLink(identity, email);
  } finally {
    clock.close();
    await database.close();
  }
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
