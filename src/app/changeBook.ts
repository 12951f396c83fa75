import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Principal } from '../domain/access/principal.ts';
import { type Instant, plusMilliseconds } from '../domain/instant.ts';
import { type NotedChange, noteChange } from '../store/changes.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';

/** A change as a connector reads it; `at` is null when the sender does not say when. */
export type ArrivedChange = Omit<
  NotedChange,
  'id' | 'organizationId' | 'apiKeyId' | 'receivedAt' | 'at' | 'digest'
> & {
  readonly at: Instant | null;
  /** The whole of what was sent, as text, but for the key: what tells two deliveries apart. */
  readonly sent: string;
};

/** Where changes are noted. */
export interface ChangeBook {
  /** Returns once it is durable; the same again changes nothing. @throws Error of the database. */
  note(principal: Principal, change: ArrivedChange): Promise<void>;
}

/** What says no instant of its own is the same change as what came with the same words within so long. Milliseconds. */
const repeatedWithin = 5 * 60_000;

/** Notes changes in the database. */
export function createChangeBook({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): ChangeBook {
  return {
    async note({ organizationId, credentialId }, { sent, at, ...change }) {
      const receivedAt = clock.now();
      const window = Math.floor(Date.parse(receivedAt) / repeatedWithin) * repeatedWithin;
      const when = at ?? plusMilliseconds('1970-01-01T00:00:00.000Z', window);
      await noteChange(database, {
        ...change,
        id: v7(),
        organizationId,
        apiKeyId: credentialId,
        digest: createHash('sha256').update(`${when}\n${sent}`).digest('hex'),
        // A sender's clock may be ahead; nothing has changed yet that is still to come.
        at: at !== null && at < receivedAt ? at : receivedAt,
        receivedAt,
      });
    },
  };
}
