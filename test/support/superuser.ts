import pg from 'pg';
import { startEmbedded } from '../../src/store/embedded.ts';
import type { DatabaseSettings } from '../../src/store/openDatabase.ts';

/** A way into a database past Warroom: its superuser. */
export interface Superuser {
  readonly login: pg.Client;
  close(): Promise<void>;
}

/** Logs in as the superuser. An embedded database has one process at a time: nothing else may have it open. */
export async function openAsSuperuser(settings: DatabaseSettings): Promise<Superuser> {
  if (settings.databaseUrl !== null) {
    const login = new pg.Client(settings.databaseUrl);
    await login.connect();
    return { login, close: () => login.end() };
  }
  const embedded = await startEmbedded(settings);
  const login = new pg.Client(embedded.connection);
  await login.connect();
  return {
    login,
    async close() {
      await login.end();
      await embedded.close();
    },
  };
}

/** Does `work` as the superuser, and logs out. */
export async function asSuperuser<T>(
  settings: DatabaseSettings,
  work: (login: pg.Client) => Promise<T>,
): Promise<T> {
  const superuser = await openAsSuperuser(settings);
  try {
    return await work(superuser.login);
  } finally {
    await superuser.close();
  }
}
