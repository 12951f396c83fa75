import { createIdentity, type IdentityRoom } from '../identity/createIdentity.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { outageLog } from './outageLog.ts';

/** What the sign-in room is opened with. */
export interface OpenIdentityOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  publicUrl(): string;
}

/** Opens the sign-in room on this database. */
export function openIdentity({
  database,
  clock,
  log,
  publicUrl,
}: OpenIdentityOptions): Promise<IdentityRoom> {
  const failed = outageLog(log, 'Sign-in failed unexpectedly');
  return createIdentity({
    database,
    clock,
    publicUrl,
    sendMail: async () => 'NOT_SET_UP',
    onError: (message, details) => failed(details ?? message),
  });
}
