import { Agent, request } from 'node:http';
import { percentile } from './row.ts';

/** What a load is made of: `clients` connections, each sending its next request when the last one is answered. */
export interface LoadOptions {
  readonly url: string;
  readonly clients: number;
  /** Milliseconds counted, after `warmUp` milliseconds that are not. */
  readonly duration: number;
  readonly warmUp: number;
  headers(client: number): Record<string, string>;
  body(client: number, n: number): string;
  /** Whether the answer says that the write happened; anything else ends the run with an error. */
  accepted(status: number, body: string): boolean;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

function send(agent: Agent, options: LoadOptions, client: number, n: number): Promise<void> {
  return new Promise((done, fail) => {
    const body = options.body(client, n);
    const outgoing = request(
      options.url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...options.headers(client),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (options.accepted(answer.statusCode ?? 0, text)) done();
          else fail(new Error(`refused: ${answer.statusCode} ${text.slice(0, 300)}`));
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** Runs a load of bounded time and says how fast it was answered. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.clients });
  const began = performance.now();
  const countFrom = began + options.warmUp;
  const end = countFrom + options.duration;
  const times: number[] = [];
  const run = async (client: number) => {
    for (let n = 0; performance.now() < end; n += 1) {
      const from = performance.now();
      await send(agent, options, client, n);
      const until = performance.now();
      if (from >= countFrom && until <= end) times.push(until - from);
    }
  };
  await Promise.all(Array.from({ length: options.clients }, (_, client) => run(client)));
  agent.destroy();
  return {
    perSecond: times.length / (options.duration / 1_000),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}
