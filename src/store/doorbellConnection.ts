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

/** Milliseconds between two attempts to get the connection back. */
const reopenAfterMilliseconds = 500;

/** Opens the background connection on first use and, while anyone listens, keeps it open, reconnecting for ever. */
export function createDoorbellConnection(
  connection: pg.ClientConfig,
  onConnectionLost: (error: Error) => void,
): DoorbellConnection {
  return new BackgroundConnection(connection, onConnectionLost);
}

class BackgroundConnection implements DoorbellConnection {
  readonly #connection: pg.ClientConfig;
  readonly #onConnectionLost: (error: Error) => void;
  readonly #listeners = new Set<(payload: string) => void>();
  readonly #closing = new AbortController();
  #current: Promise<pg.Client> | null = null;
  /** One statement at a time: a connection takes no second one while it executes the first. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: pg.ClientConfig, onConnectionLost: (error: Error) => void) {
    this.#connection = connection;
    this.#onConnectionLost = onConnectionLost;
  }

  async notify(payload: string): Promise<void> {
    try {
      await this.#say({ name: 'notify', text: 'select pg_notify($1, $2)', values: [channel, payload] });
    } catch {
      // Best effort by design.
    }
  }

  async listen(onPayload: (payload: string) => void): Promise<() => Promise<void>> {
    this.#listeners.add(onPayload);
    // Until now the connection may have been open for ringing only.
    await this.#say({ text: `listen ${channel}` }).catch(() => undefined);
    return async () => {
      this.#listeners.delete(onPayload);
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#listeners.clear();
    const client = await this.#current?.catch(() => null);
    await client?.end().catch(() => undefined);
  }

  #say(query: pg.QueryConfig): Promise<unknown> {
    const said = this.#turn.then(async () => (await this.#open()).query(query));
    this.#turn = said.catch(() => undefined);
    return said;
  }

  #open(): Promise<pg.Client> {
    if (this.#closing.signal.aborted) return Promise.reject(new Error('closed'));
    if (this.#current) return this.#current;
    const client = new pg.Client({ ...connectionSettings(this.#connection), query_timeout: 12_000 });
    const opening = this.#connect(client);
    this.#current = opening;
    const lost = (error: Error): void => this.#lost(opening, client, error);
    client.on('error', lost);
    client.on('end', () => lost(new Error('the background connection ended')));
    opening.catch(lost);
    return opening;
  }

  async #connect(client: pg.Client): Promise<pg.Client> {
    client.on('notification', ({ payload }) => {
      for (const listener of this.#listeners) listener(payload ?? '');
    });
    await client.connect();
    if (this.#listeners.size > 0) await client.query(`listen ${channel}`);
    return client;
  }

  /** Forgets the connection, once; whoever listens wants it back. */
  #lost(opening: Promise<pg.Client>, client: pg.Client, error: Error): void {
    if (this.#closing.signal.aborted || this.#current !== opening) return;
    this.#current = null;
    this.#onConnectionLost(error);
    client.end().catch(() => undefined);
    if (this.#listeners.size > 0) void this.#reopen();
  }

  async #reopen(): Promise<void> {
    await sleep(reopenAfterMilliseconds, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    // A failed attempt comes back here through `#lost`.
    await this.#open().catch(() => undefined);
  }
}
