import { randomBytes } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { type Followed, followed } from './entry.ts';

/** At most one message in this many milliseconds; the first one leaves at once. */
const quiet = 10;

/** More organizations than this in one message: it only says that much moved, and everyone looks at the heads. */
const named = 150;

/** What this instance hears from others. */
export interface DoorbellListener {
  /** This ledger of this organization moved, or its runs. */
  moved(organizationId: string, ledger: Followed): void;
  /** Much moved: look at all heads. */
  allMoved(): void;
  /** Others cannot be heard; the poll goes on seeing what they do, a second later. */
  deaf(error: unknown): void;
}

/** Tells other instances what moved, and hears it from them. It never says what happened: the database does. */
export interface Doorbell {
  ring(organizationId: string, ledger: Followed): void;
  close(): Promise<void>;
}

/**
 * Rings over NOTIFY: at once when idle, then at most every 10 ms, one message for all that moved. A message is
 * `<instance> <organization id><0|1|2> …` (0 INCIDENTS, 1 ADMINISTRATION, 2 RUNS) or `<instance> *`. A lost one costs a second:
 * the poll sees it.
 */
export function createDoorbell(database: Database, listener: DoorbellListener): Doorbell {
  const instance = randomBytes(6).toString('hex');
  const moved = new Set<string>();
  let resting: NodeJS.Timeout | null = null;
  let sending = false;
  let closed = false;

  const send = async (): Promise<void> => {
    if (closed || sending || resting !== null || moved.size === 0) return;
    const payload = moved.size > named ? '*' : [...moved].join(' ');
    moved.clear();
    resting = setTimeout(() => {
      resting = null;
      void send();
    }, quiet);
    sending = true;
    await database.notify(`${instance} ${payload}`).catch(() => {});
    sending = false;
    void send();
  };

  const hear = (payload: string): void => {
    const [sender, ...words] = payload.split(' ');
    if (sender === instance) return;
    for (const word of words) {
      if (word === '*') listener.allMoved();
      const ledger = followed[Number(word.at(-1))];
      if (word.length === 37 && ledger !== undefined) listener.moved(word.slice(0, 36), ledger);
    }
  };
  const listening = database.listen(hear).catch((error: unknown) => {
    listener.deaf(error);
    return async () => {};
  });

  return {
    ring(organizationId, ledger) {
      if (closed || database.mode === 'embedded') return;
      moved.add(`${organizationId}${followed.indexOf(ledger)}`);
      void send();
    },
    async close() {
      closed = true;
      if (resting !== null) clearTimeout(resting);
      await (await listening)();
    },
  };
}
