import { mutate } from '../support/graphqlClient.ts';
import { storyKey } from '../support/serverProcess.ts';
import { wholeLedger } from './ledger.ts';

/** What clients do that want their incident declared, whatever happens to the server's database in between. */
export interface KeyedWriters {
  /** Key → the event its declaration was answered with. */
  readonly acknowledged: ReadonlyMap<string, { readonly sequence: number; readonly hash: string }>;
  /** Requests that were answered with an error or not at all, and sent again with the same key. */
  readonly retries: number;
  /** When the latest request was answered with success, in epoch milliseconds. */
  readonly lastSuccessAt: number;
  /** Declares one incident after another, `count` clients at a time, until told to stop. */
  writeUntil(count: number, stop: () => boolean): Promise<void>;
  /** What the ledger does not bear out: each key must be one event, and each answer the event that is there. */
  differences(): Promise<string[]>;
}

/** Clients of the server that is at `url` now; their keys begin with `name`. */
export function keyedWriters(url: () => string, name: string): KeyedWriters {
  const acknowledged = new Map<string, { readonly sequence: number; readonly hash: string }>();
  const found: string[] = [];
  let retries = 0;
  let lastSuccessAt = 0;
  let next = 0;

  async function declare(key: string): Promise<void> {
    for (;;) {
      try {
        const done = await mutate<{ events: { sequence: number; hash: string }[] }>(
          url(),
          storyKey,
          'declareIncident',
          { title: key, severity: 'SEV4', idempotencyKey: key },
          'events { sequence hash }',
        );
        const [event] = done.events;
        const before = acknowledged.get(key);
        if (event === undefined || (before !== undefined && before.hash !== event.hash))
          found.push(`${key} was answered ${JSON.stringify([before, event])}`);
        if (event !== undefined) acknowledged.set(key, event);
        lastSuccessAt = Date.now();
        return;
      } catch {
        retries += 1;
        await new Promise((wake) => setTimeout(wake, 50));
      }
    }
  }

  return {
    acknowledged,
    get retries() {
      return retries;
    },
    get lastSuccessAt() {
      return lastSuccessAt;
    },
    async writeUntil(count, stop) {
      const client = async (): Promise<void> => {
        while (!stop()) {
          next += 1;
          const key = `${name}-${next}`;
          await declare(key);
          // As a client does that never saw the answer.
          if (next % 3 === 0) await declare(key);
        }
      };
      await Promise.all(Array.from({ length: count }, client));
    },
    async differences() {
      const declared = new Map<string, { readonly sequence: number; readonly hash: string }>();
      for (const [index, event] of (await wholeLedger(url())).entries()) {
        if (event.sequence !== index + 1) found.push(`${index + 1} is missing`);
        if (event.type !== 'INCIDENT_CREATED') continue;
        const title = String(event.payload.title);
        if (!title.startsWith(`${name}-`)) continue;
        if (declared.has(title)) found.push(`${title} happened twice`);
        declared.set(title, event);
      }
      for (const [key, { sequence, hash }] of acknowledged) {
        const event = declared.get(key);
        if (event?.sequence !== sequence || event.hash !== hash)
          found.push(`${key} was answered ${sequence}, the ledger has ${event?.sequence ?? 'nothing'}`);
      }
      for (const key of declared.keys())
        if (!acknowledged.has(key)) found.push(`${key} happened and was never answered`);
      return found;
    },
  };
}
