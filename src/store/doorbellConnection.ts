import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionSettings } from './pool.ts';

/** The channel instances ring each other on. */
const channel = 'warroom';

/** The background connection: it only rings and hears the doorbell, so no write transaction ever carries a NOTIFY. */
export interface DoorbellConnection {
  /** Rings; silently not when the database is away (every instance also looks once a second). */
  notify(payload: string): Promise<void>;
  listen(onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Opens the background connection on first use and keeps it open, reconnecting for ever. */
export function createDoorbellConnection(
  connection: pg.ClientConfig,
  onConnectionLost: (error: Error) => void,
): DoorbellConnection {
  const listeners = new Set<(payload: string) => void>();
  const closing = new AbortController();
  let current: Promise<pg.Client> | null = null;
  let listening = false;

  function open(): Promise<pg.Client> {
    current ??= openClient().catch((error: Error) => {
      lost(error);
      throw error;
    });
    return current;
  }

  async function openClient(): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionSettings(connection), query_timeout: 12_000 });
    client.on('error', (error) => lost(error, client));
    client.on('end', () => lost(new Error('the background connection ended'), client));
    client.on('notification', ({ payload }) => {
      for (const listener of listeners) listener(payload ?? '');
    });
    await client.connect();
    opened = client;
    if (listening) await client.query(`listen ${channel}`);
    return client;
  }

  let opened: pg.Client | null = null;

  /** Forget the connection; someone who listens wants it back. */
  function lost(error: Error, client?: pg.Client): void {
    if (closing.signal.aborted || (client && client !== opened)) return;
    opened = null;
    current = null;
    onConnectionLost(error);
    void client?.end().catch(() => undefined);
    if (listening) void reopen();
  }

  async function reopen(): Promise<void> {
    // A failed attempt comes back here through `lost`.
    await sleep(500, undefined, { signal: closing.signal }).catch(() => undefined);
    if (!closing.signal.aborted) await open().catch(() => undefined);
  }

  return {
    async notify(payload) {
      try {
        const client = await open();
        await client.query({
          name: 'warroom-notify',
          text: 'select pg_notify($1, $2)',
          values: [channel, payload],
        });
      } catch {
        // Best effort by design.
      }
    },
    async listen(onPayload) {
      listeners.add(onPayload);
      if (!listening) {
        listening = true;
        const client = await open().catch(() => null);
        await client?.query(`listen ${channel}`).catch(() => undefined);
      }
      return async () => {
        listeners.delete(onPayload);
      };
    },
    async close() {
      closing.abort();
      listeners.clear();
      const client = await current?.catch(() => null);
      await client?.end().catch(() => undefined);
    },
  };
}
