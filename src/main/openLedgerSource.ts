import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { connectControl } from '../store/controlSocket.ts';
import type { LedgerSource } from '../store/ledgerSource.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { databaseLedgerSource } from '../store/read/ledgerRows.ts';
import { CommandError } from './commandError.ts';

/**
 * The ledgers to read: of the server, of the running Warroom that has the embedded database open (it reads them to us
 * itself), or of the embedded database when nobody has.
 * @throws CommandError when there is no database, CannotStartError when it cannot be opened.
 */
export async function openLedgerSource(config: Config, log: Log): Promise<LedgerSource> {
  if (config.databaseUrl === null) {
    if (!existsSync(config.dataDirectory))
      throw new CommandError(`${config.dataDirectory} holds no database.`);
    const running = await connectControl(config.dataDirectory);
    if (running) return running;
  }
  // Looking must change nothing, least of all the schema under servers of another version.
  const database = await openDatabase({ ...config, log, migrate: false });
  return { ...databaseLedgerSource(database), close: () => database.close() };
}
