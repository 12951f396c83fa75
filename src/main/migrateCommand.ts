import { foundPlatform } from '../app/foundPlatform.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import { openDatabase } from '../store/openDatabase.ts';

/** `warroom migrate`: brings the database to this program's schema, founds what every installation has, and leaves. */
export async function migrateCommand(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const database = await openDatabase({ ...config, log });
  try {
    const clock = await openDatabaseClock(database, log);
    await foundPlatform(database, clock);
    clock.close();
  } finally {
    await database.close();
  }
  process.stdout.write('The database is at the schema of this version.\n');
}
