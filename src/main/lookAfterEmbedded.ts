import type { Handle } from '../app/answer.ts';
import type { Identity } from '../app/identity.ts';
import { createKeyKeeper } from '../app/keyKeeper.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import { openControlSocket } from '../store/controlSocket.ts';
import type { Database } from '../store/database.ts';
import { databaseLedgerSource } from '../store/read/ledgerRows.ts';
import { createSuperadmins } from '../store/superadmins.ts';
import { makeSignInLink } from './makeSignInLink.ts';
import type { Stops } from './stops.ts';

/** What a server has without us: a way in for the command line while it runs. */
export async function lookAfterEmbedded(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly handle: Handle;
  readonly log: Log;
  readonly identity: Identity;
  readonly stops: Stops;
}): Promise<void> {
  const { config, database, clock, handle, identity, stops } = parts;
  const control = await openControlSocket(config.dataDirectory, databaseLedgerSource(database), {
    superadmins: createSuperadmins(database, () => clock.now()),
    keys: createKeyKeeper({ database, handle }),
    signInLink: (email) => makeSignInLink(identity, email),
  });
  stops.push('control socket', () => control.close());
}
