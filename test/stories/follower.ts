import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** An event as a follower keeps it. */
export interface Seen {
  readonly sequence: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly message: string;
}

/** A subscriber whose connection is cut again and again, and who resumes from its cursor. */
export interface Follower {
  /** Everything it was sent, in the order it came. */
  readonly seen: readonly Seen[];
  /** Connections that were cut after something had come over them. */
  readonly cuts: number;
  /** Follows, cut off after a random number of events each time, until told to stop. */
  followUntil(stop: () => boolean): Promise<void>;
  /** Follows, uncut, until it has seen this sequence. */
  followTo(sequence: number): Promise<void>;
}

const subscription =
  'subscription($after: SafeInt!) { incidentEvents(after: $after) { sequence hash previousHash message } }';

/** Follows the events of the server that is at `url` now. */
export function cuttableFollower(url: () => string, key: string): Follower {
  const seen: Seen[] = [];
  let cuts = 0;

  /** One connection, from the cursor on; it is cut without a goodbye as soon as `enough` says so. */
  async function connection(enough: () => boolean): Promise<void> {
    const sockets: WebSocket[] = [];
    class Socket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols);
        sockets.push(this);
      }
    }
    const client = createClient({
      url: `${url().replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    let refused: Error | null = null;
    const cutIfEnough = (): void => {
      if (refused !== null || enough()) for (const socket of sockets) socket.terminate();
    };
    // Nothing more may come.
    const looking = setInterval(cutIfEnough, 200);
    await new Promise<void>((done) => {
      client.subscribe<{ incidentEvents: Seen }>(
        { query: subscription, variables: { after: seen.at(-1)?.sequence ?? 0 } },
        {
          next: ({ data, errors }) => {
            if (errors !== undefined) refused = new Error(JSON.stringify(errors));
            if (data) seen.push(data.incidentEvents);
            cutIfEnough();
          },
          // Cut, by us or because the server is gone.
          error: () => done(),
          complete: () => done(),
        },
      );
    });
    clearInterval(looking);
    await client.dispose();
    if (refused !== null) throw refused;
  }

  return {
    seen,
    get cuts() {
      return cuts;
    },
    async followUntil(stop) {
      while (!stop()) {
        const before = seen.length;
        // Mostly few, as who is cut in the middle of many shows the same only longer.
        const events = 1 + Math.floor(Math.random() ** 3 * 200);
        await connection(() => seen.length - before >= events || stop());
        if (seen.length > before) cuts += 1;
        // The server is gone for a moment.
        else await new Promise((wake) => setTimeout(wake, 50));
      }
    },
    async followTo(sequence) {
      while ((seen.at(-1)?.sequence ?? 0) < sequence)
        await connection(() => (seen.at(-1)?.sequence ?? 0) >= sequence);
    },
  };
}
