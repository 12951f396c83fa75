import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../store/openDatabase.ts';

/** `warroom migrate`: brings the database to this program's schema and leaves. */
export async function migrateCommand(): Promise<void> {
  const config = readConfig(process.env);
  const database = await openDatabase({ ...config, log: createLog(config.logLevel) });
  await database.close();
  process.stdout.write('The database is at the schema of this version.\n');
}
